using Microsoft.Extensions.Options;

namespace PeerAgent.Swarm.Upload;

/// <summary>Refuses settings that cannot work, naming their keys.</summary>
internal sealed class PeerOptionsValidator : IValidateOptions<PeerOptions>
{
    public ValidateOptionsResult Validate(string? name, PeerOptions options)
    {
        var errors = new List<string>();
        if (!Uri.TryCreate(options.Listen, UriKind.Absolute, out var listen) || listen.Scheme != Uri.UriSchemeHttp)
        {
            errors.Add($"{PeerOptions.Section}:Listen is '{options.Listen}'; it must be a URL such as http://0.0.0.0:7681.");
        }

        for (var i = 0; i < options.AdvertisedAddresses.Count; i++)
        {
            if (!PeerOptions.TryParseAddress(options.AdvertisedAddresses[i], 1, out _))
            {
                errors.Add($"{PeerOptions.Section}:AdvertisedAddresses:{i} is '{options.AdvertisedAddresses[i]}'; "
                    + "it must be IP or IP:PORT, for example 192.0.2.7:7681 or [2001:db8::7]:7681.");
            }
        }

        for (var i = 0; i < options.AllowedNetworks.Count; i++)
        {
            if (!PeerAccess.TryParse(options.AllowedNetworks[i], out _))
            {
                errors.Add($"{PeerOptions.Section}:AllowedNetworks:{i} is '{options.AllowedNetworks[i]}'; "
                    + "it must be a network such as 192.168.0.0/16, or a single address.");
            }
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
