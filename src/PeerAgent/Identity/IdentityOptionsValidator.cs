using Microsoft.Extensions.Options;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Identity;

internal sealed class IdentityOptionsValidator : IValidateOptions<IdentityOptions>
{
    public ValidateOptionsResult Validate(string? name, IdentityOptions options)
    {
        var failures = new List<string>();
        if (options.PeerId is not null && !PeerId.TryParse(options.PeerId, out _))
        {
            failures.Add($"{IdentityOptions.Section}:PeerId must have 1 to 256 printable characters.");
        }

        if (options.UserId is not null && !UserId.TryParse(options.UserId, out _))
        {
            failures.Add($"{IdentityOptions.Section}:UserId must have 1 to 256 printable characters.");
        }

        if (options.AuthToken is { Length: 0 or > Credentials.MaxTokenLength })
        {
            failures.Add($"{IdentityOptions.Section}:AuthToken must have 1 to {Credentials.MaxTokenLength} characters.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
