using System.ComponentModel;
using Microsoft.Extensions.Options;

namespace ReferenceTracker.Settings;

/// <summary>
/// From configuration to options. Refuses keys that nobody knows, at every level, and values that cannot be read; mends nothing.
/// </summary>
internal static class SettingsReader
{
    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="OptionsValidationException">Something is wrong; each failure names its full key.</exception>
    internal static TrackerOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(TrackerOptions.Section);
        var failures = new List<string>();
        Check(section, typeof(TrackerOptions), TrackerOptions.Section, failures);
        if (failures.Count == 0)
        {
            var options = section.Get<TrackerOptions>() ?? new TrackerOptions();
            var result = new TrackerOptionsValidator().Validate(null, options);
            if (result.Succeeded)
            {
                return options;
            }

            failures.AddRange(result.Failures!);
        }

        throw new OptionsValidationException(TrackerOptions.Section, typeof(TrackerOptions), failures);
    }

    private static void Check(IConfigurationSection section, Type type, string key, List<string> failures)
    {
        if (section.Value is { Length: > 0 })
        {
            failures.Add($"{key} is a section, not a value; set one of its keys: {Keys(type)}.");
        }

        foreach (var child in section.GetChildren())
        {
            var property = type.GetProperties().FirstOrDefault(p => p.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            var childKey = $"{key}:{property?.Name ?? child.Key}";
            if (property is null)
            {
                failures.Add($"{childKey} is not a setting; known in {key}: {Keys(type)}.");
            }
            else if (property.PropertyType.Namespace == typeof(TrackerOptions).Namespace && !property.PropertyType.IsEnum)
            {
                Check(child, property.PropertyType, childKey, failures);
            }
            else
            {
                CheckValue(child, property.PropertyType, childKey, failures);
            }
        }
    }

    private static void CheckValue(IConfigurationSection section, Type type, string key, List<string> failures)
    {
        foreach (var child in section.GetChildren())
        {
            failures.Add($"{key}:{child.Key} is not a setting; {key} is a single value.");
        }

        if (!IsReadable(section.Value, type))
        {
            failures.Add($"{key} is '{section.Value}'; expected is {Expected(type)}.");
        }
    }

    private static bool IsReadable(string? value, Type type)
    {
        if (type == typeof(string))
        {
            return true;
        }

        if (type.IsEnum)
        {
            return Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase);
        }

        return value is not null && TypeDescriptor.GetConverter(type).IsValid(value);
    }

    private static string Expected(Type type) =>
        type.IsEnum ? string.Join(" or ", Enum.GetNames(type))
        : type == typeof(TimeSpan) ? "a time such as 00:01:30"
        : type == typeof(bool) ? "true or false"
        : "a whole number";

    private static string Keys(Type type) => string.Join(", ", type.GetProperties().Select(p => p.Name));
}
