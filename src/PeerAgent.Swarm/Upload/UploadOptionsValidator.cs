using Microsoft.Extensions.Options;

namespace PeerAgent.Swarm.Upload;

/// <summary>Refuses settings that cannot work, naming their keys.</summary>
internal sealed class UploadOptionsValidator : IValidateOptions<UploadOptions>
{
    public ValidateOptionsResult Validate(string? name, UploadOptions options)
    {
        var errors = UploadLimits.Of(options).Errors(property => $"{UploadOptions.Section}:{property}");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
