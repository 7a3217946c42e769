using System.Net;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Upload;

/// <summary>Whose requests are answered at all.</summary>
internal sealed class PeerAccess(PeerOptions options)
{
    private readonly IPNetwork[] _allowed = [.. options.AllowedNetworks.Select(Parse)];

    /// <summary>True when a request from this address may be answered.</summary>
    public bool Allows(IPAddress? from) =>
        _allowed.Length == 0 || (from is not null && _allowed.Any(n => n.Contains(PeerContact.Plain(from))));

    /// <summary>Reads a network or a single address.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }

    private static IPNetwork Parse(string text) =>
        TryParse(text, out var network) ? network : throw new FormatException($"'{text}' is no network.");
}
