using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using PeerAgent.Listening;
using PeerAgent.Swarm.Upload;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Identity;

/// <summary>
/// What CONNECT reports as our addresses (draft-cruz-ppsp-http-tracker-protocol-01, section 4.4): the settings' list, else
/// the addresses that the peers' listener is really bound to, wildcards replaced by the interfaces' addresses.
/// </summary>
public sealed class AdvertisedAddresses(IOptions<PeerOptions> options, Listeners listeners)
{
    private const int MaxAddresses = 16;

    /// <summary>The addresses as they are now; interfaces come and go.</summary>
    public IReadOnlyList<PeerAddress> Current()
    {
        var bound = listeners[Listener.Peers];
        if (options.Value.AdvertisedAddresses.Count == 0)
        {
            return [.. bound.SelectMany(Expand).Distinct().Take(MaxAddresses)];
        }

        var port = bound.Count > 0 ? bound[0].Port : 0;
        var given = new List<PeerAddress>();
        foreach (var text in options.Value.AdvertisedAddresses.Take(MaxAddresses))
        {
            if (PeerOptions.TryParseAddress(text, port, out var address))
            {
                given.Add(address);
            }
        }

        return given;
    }

    private static IEnumerable<PeerAddress> Expand(IPEndPoint bound)
    {
        if (!bound.Address.Equals(IPAddress.Any) && !bound.Address.Equals(IPAddress.IPv6Any))
        {
            return [new PeerAddress(bound.Address, bound.Port)];
        }

        var found = NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .Where(a => IsUsable(a, bound.Address))
            .Select(a => new PeerAddress(a, bound.Port))
            .ToList();
        return found.Count > 0 ? found : [new PeerAddress(IPAddress.Loopback, bound.Port)];
    }

    private static bool IsUsable(IPAddress address, IPAddress wildcard) =>
        !address.IsIPv6LinkLocal
        && !IPAddress.IsLoopback(address)
        && (wildcard.Equals(IPAddress.IPv6Any) || address.AddressFamily == AddressFamily.InterNetwork);
}
