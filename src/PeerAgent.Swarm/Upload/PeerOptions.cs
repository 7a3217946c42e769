using System.Net;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Swarm.Upload;

/// <summary>Where other peers reach us, and which of them may.</summary>
public sealed class PeerOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "PeerAgent:Peer";

    /// <summary>Where we listen for other peers. Default <c>http://0.0.0.0:7681</c>; port 0 takes a free one.</summary>
    public string Listen { get; set; } = "http://0.0.0.0:7681";

    /// <summary>
    /// What trackers are told of where we listen, each <c>IP</c> or <c>IP:PORT</c> (<c>[IPv6]:PORT</c>). Default empty: the
    /// addresses of the interfaces.
    /// </summary>
    public IList<string> AdvertisedAddresses { get; set; } = [];

    /// <summary>Networks whose peers are answered, each <c>IP/BITS</c> or a single <c>IP</c>. Default empty: everybody's.</summary>
    public IList<string> AllowedNetworks { get; set; } = [];

    /// <summary>Reads an entry of <see cref="AdvertisedAddresses"/>.</summary>
    /// <param name="text">The entry.</param>
    /// <param name="defaultPort">The port when the entry has none.</param>
    /// <param name="address">The address.</param>
    public static bool TryParseAddress(string text, int defaultPort, out PeerAddress address)
    {
        var ok = IPEndPoint.TryParse(text, out var endPoint);
        address = ok ? new PeerAddress(endPoint!.Address, endPoint.Port == 0 ? defaultPort : endPoint.Port) : default;
        return ok;
    }
}
