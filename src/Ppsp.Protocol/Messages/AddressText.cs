using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ppsp.Protocol.Messages;

/// <summary>
/// Addresses as they stand on the wire: IPv4 as four decimal octets, IPv6 in any textual form without a scope
/// (draft-cruz-ppsp-http-tracker-protocol-01, section 4.4). Stricter than <see cref="IPAddress.TryParse(string?, out IPAddress?)"/>,
/// which takes <c>1</c> and octal octets too.
/// </summary>
internal static class AddressText
{
    private const int MaxLength = 64;

    /// <summary>Reads address and port; no port is 0, no listener.</summary>
    internal static bool TryParse(ReadOnlySpan<char> ip, ReadOnlySpan<char> port, out PeerAddress address)
    {
        address = default;
        var number = 0;
        port = port.Trim();
        if (!TryParse(ip.Trim(), out var parsed)
            || (!port.IsEmpty && !int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            || number > IPEndPoint.MaxPort)
        {
            return false;
        }

        address = new PeerAddress(parsed, number);
        return true;
    }

    private static bool TryParse(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Length is 0 or > MaxLength)
        {
            return false;
        }

        if (!text.Contains(':'))
        {
            return TryParseIPv4(text, out address);
        }

        if (text[0] == '[' && text[^1] == ']')
        {
            text = text[1..^1];
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c) && c is not (':' or '.'))
            {
                return false;
            }
        }

        if (IPAddress.TryParse(text, out var parsed) && parsed.AddressFamily == AddressFamily.InterNetworkV6)
        {
            address = parsed;
            return true;
        }

        return false;
    }

    private static bool TryParseIPv4(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        Span<byte> octets = stackalloc byte[4];
        var count = 0;
        foreach (var range in text.Split('.'))
        {
            var octet = text[range];
            if (count == 4
                || octet.Length is 0 or > 3
                || (octet.Length > 1 && octet[0] == '0')
                || !byte.TryParse(octet, NumberStyles.None, CultureInfo.InvariantCulture, out octets[count++]))
            {
                return false;
            }
        }

        if (count != 4)
        {
            return false;
        }

        address = new IPAddress(octets);
        return true;
    }
}
