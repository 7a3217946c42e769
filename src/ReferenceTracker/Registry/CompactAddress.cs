using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Ppsp.Protocol.Messages;

namespace ReferenceTracker.Registry;

/// <summary>An address in 24 bytes and without objects: IPv4 as an IPv4-mapped IPv6 address, so that both spellings are one.</summary>
/// <param name="High">The first eight bytes, the network of IPv6.</param>
/// <param name="Low">The last eight bytes.</param>
/// <param name="Port">TCP port, 0 = none.</param>
internal readonly record struct CompactAddress(ulong High, ulong Low, ushort Port)
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    internal bool IsIPv4 => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>True when a peer can be reached there: a port, and an address that names a host.</summary>
    internal bool IsUsable => Port != 0 && !(High == 0 && Low is 0 or MappedPrefix or (MappedPrefix | 0xFFFF_FFFF));

    private uint IPv4 => (uint)Low;

    private bool IsPrivate => IsIPv4
        ? IPv4 >> 24 is 10 or 127 || IPv4 >> 20 == 0xAC1 || IPv4 >> 16 is 0xC0A8 or 0xA9FE
        : High >> 57 == 0xFC >> 1 || High >> 54 == 0xFE80 >> 6 || (High == 0 && Low == 1);

    internal static CompactAddress From(IPAddress address, int port)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        var isV4 = address.AddressFamily == AddressFamily.InterNetwork;
        address.TryWriteBytes(isV4 ? bytes[12..] : bytes, out _);
        if (isV4)
        {
            bytes[10] = bytes[11] = 0xFF;
        }

        return new CompactAddress(
            BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), (ushort)port);
    }

    /// <summary>How far two observed addresses are apart: 0 the same, 1 the same /24 or /64, 2 both private, 3 anything else.</summary>
    internal static int Cost(in CompactAddress one, in CompactAddress other)
    {
        if (one.High == other.High && one.Low == other.Low)
        {
            return 0;
        }

        if (one.IsIPv4 != other.IsIPv4)
        {
            return one.IsPrivate && other.IsPrivate ? 2 : 3;
        }

        return (one.IsIPv4 ? one.IPv4 >> 8 == other.IPv4 >> 8 : one.High == other.High) ? 1
            : one.IsPrivate && other.IsPrivate ? 2
            : 3;
    }

    internal PeerAddress ToPeerAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new PeerAddress(new IPAddress(IsIPv4 ? bytes[12..] : bytes), Port);
    }
}
