using System.Net;
using System.Net.Sockets;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Upload;

/// <summary>
/// Who asks: a PeerID, which anybody can make up, at a host, which nobody can. What is shared out is shared among hosts
/// first and among the PeerIDs of a host then, so that a new PeerID brings nobody more.
/// </summary>
/// <param name="Host">The address it came from; of a global IPv6 address the network of 64 bits, for one machine has all of it.</param>
/// <param name="PeerId">What it calls itself.</param>
internal readonly record struct Requester(IPAddress Host, PeerId PeerId)
{
    private const int GlobalPrefix = 0x20;
    private const int NetworkBytes = 8;

    /// <summary>The one who asked from this address.</summary>
    public static Requester Of(IPAddress? from, PeerId peerId) => new(HostOf(PeerContact.Plain(from ?? IPAddress.None)), peerId);

    private static IPAddress HostOf(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        if ((bytes[0] & 0xE0) != GlobalPrefix)
        {
            return address;
        }

        Array.Clear(bytes, NetworkBytes, bytes.Length - NetworkBytes);
        return new IPAddress(bytes);
    }
}
