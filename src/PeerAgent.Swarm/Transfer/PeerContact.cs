using System.Net;
using System.Net.Sockets;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Swarm.Transfer;

/// <summary>The addresses of a peer, and which of them answered last. Safe for concurrent use.</summary>
internal sealed class PeerContact
{
    /// <summary>Most addresses kept of one peer.</summary>
    public const int MaxAddresses = 8;

    private readonly PeerAddress[] _addresses;
    private volatile int _preferred;

    public PeerContact(IEnumerable<PeerAddress> addresses) =>
        _addresses = [.. addresses.Where(IsUsable).Select(Plain).Distinct().Take(MaxAddresses)];

    /// <summary>The usable addresses as they were told.</summary>
    public IReadOnlyList<PeerAddress> Addresses => _addresses;

    /// <summary>The usable addresses, the one that answered last first.</summary>
    public IEnumerable<PeerAddress> InOrder()
    {
        var preferred = _preferred;
        for (var i = 0; i < _addresses.Length; i++)
        {
            yield return _addresses[(preferred + i) % _addresses.Length];
        }
    }

    /// <summary>The address answered.</summary>
    public void Answered(PeerAddress address) => _preferred = Math.Max(0, Array.IndexOf(_addresses, address));

    /// <summary>True when one of the addresses is at this host, whatever the port.</summary>
    public bool IsAt(IPAddress address) => _addresses.Any(a => a.Address.Equals(Plain(address)));

    /// <summary>An IPv4 address in IPv6 clothes becomes the IPv4 address it is.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static PeerAddress Plain(PeerAddress address) => address with { Address = Plain(address.Address) };

    private static bool IsUsable(PeerAddress address) =>
        address.Port is > 0 and <= 65535
        && !address.Address.Equals(IPAddress.Any)
        && !address.Address.Equals(IPAddress.IPv6Any)
        && !address.Address.Equals(IPAddress.Broadcast)
        && !address.Address.IsIPv6Multicast
        && !IsIPv4Multicast(address.Address);

    private static bool IsIPv4Multicast(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes()[0] is >= 224 and < 240;
}
