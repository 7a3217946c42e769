using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ReferenceTracker.Settings;

/// <summary>Checks the settings as a whole; each failure names the full key and says what to do.</summary>
internal sealed class TrackerOptionsValidator : IValidateOptions<TrackerOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TrackerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        if (!ListenAddress.TryParse(options.Listen, out _))
        {
            failures.Add(
                $"{TrackerOptions.Section}:{nameof(options.Listen)} is '{options.Listen}'; "
                + "expected is http://ADDRESS:PORT, for example http://0.0.0.0:7690.");
        }

        if (options.Registry != RegistryKind.Memory)
        {
            failures.Add($"{TrackerOptions.Section}:{nameof(options.Registry)} can only be Memory in this build; {options.Registry} is not built in.");
        }

        if (options.Authentication.Mode != AuthenticationMode.Open)
        {
            failures.Add(
                $"{TrackerOptions.Section}:{nameof(options.Authentication)}:{nameof(options.Authentication.Mode)} "
                + $"can only be Open in this build; {options.Authentication.Mode} is not built in.");
        }

        Check(options.Peers, nameof(options.Peers), failures);
        Check(options.Swarms, nameof(options.Swarms), failures);
        Check(options.Limits, nameof(options.Limits), failures);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Check(object section, string name, List<string> failures)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(section, new ValidationContext(section), results, validateAllProperties: true);
        foreach (var result in results)
        {
            var member = result.MemberNames.First();
            var value = section.GetType().GetProperty(member)!.GetValue(section);
            failures.Add($"{TrackerOptions.Section}:{name}:{member} is {value}; it {result.ErrorMessage}.");
        }
    }
}
