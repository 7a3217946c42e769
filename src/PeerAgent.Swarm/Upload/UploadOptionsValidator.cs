using Microsoft.Extensions.Options;

namespace PeerAgent.Swarm.Upload;

/// <summary>Refuses settings that cannot work, naming their keys.</summary>
internal sealed class UploadOptionsValidator : IValidateOptions<UploadOptions>
{
    private const int MostSlots = 4096;
    private const long LowestRate = 1024;

    public ValidateOptionsResult Validate(string? name, UploadOptions options)
    {
        var errors = new List<string>();
        if (options.Slots is < 1 or > MostSlots)
        {
            errors.Add($"{UploadOptions.Section}:Slots is {options.Slots}; it must be from 1 to {MostSlots}. "
                + $"To upload nothing set {UploadOptions.Section}:Enabled to false.");
        }

        if (options.MaxBytesPerSecond < LowestRate)
        {
            errors.Add($"{UploadOptions.Section}:MaxBytesPerSecond is {options.MaxBytesPerSecond}; "
                + $"it must be at least {LowestRate}, or not be set at all.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
