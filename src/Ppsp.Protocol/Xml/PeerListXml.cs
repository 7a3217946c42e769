using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Xml;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.Xml;

/// <summary>Addresses and peer lists as both protocols write them (draft-cruz-ppsp-http-tracker-protocol-01, sections 4.4 and 4.8).</summary>
internal static class PeerListXml
{
    private const int MaxAddresses = 32;
    private const int MaxPeers = 1000;
    private const int MaxWord = 256;

    /// <summary>Reads <c>PeerAddresses</c>.</summary>
    /// <param name="reader">Stands on the element.</param>
    /// <param name="strict">True: a bad address is an error. False: it is passed over, as a list from elsewhere deserves.</param>
    internal static List<PeerAddress> ReadAddresses(MessageReader reader, bool strict)
    {
        var addresses = new List<PeerAddress>();
        var children = reader.EnterChildren();
        while (reader.NextChild(children))
        {
            if (reader.Name != "PeerAddress")
            {
                continue;
            }

            if (TryReadAddress(reader, out var address) && (addresses.Count < MaxAddresses || strict))
            {
                addresses.Add(address);
            }
            else if (strict)
            {
                throw reader.Error("a PeerAddress needs ip (four decimal octets, or IPv6) and port (0 to 65535)");
            }

            if (addresses.Count > MaxAddresses)
            {
                throw reader.Error($"there are more than {MaxAddresses} addresses");
            }
        }

        return addresses;
    }

    internal static void WriteAddresses(XmlWriter xml, IReadOnlyList<PeerAddress> addresses)
    {
        xml.WriteStartElement("PeerAddresses");
        foreach (var address in addresses)
        {
            xml.WriteStartElement("PeerAddress");
            xml.WriteAttributeString("ip", address.Address.ToString());
            xml.WriteAttributeString("port", address.Port.ToString(CultureInfo.InvariantCulture));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    /// <summary>Reads <c>PeerInfoList</c>; entries without a usable id are passed over, and so is what comes after the thousandth.</summary>
    internal static List<PeerInfo> ReadList(MessageReader reader)
    {
        var peers = new List<PeerInfo>();
        var children = reader.EnterChildren();
        while (reader.NextChild(children))
        {
            if (reader.Name == "PeerInfo" && peers.Count < MaxPeers && ReadPeer(reader) is { } peer)
            {
                peers.Add(peer);
            }
        }

        return peers;
    }

    internal static void WriteList(XmlWriter xml, IReadOnlyList<PeerInfo> peers)
    {
        xml.WriteStartElement("PeerInfoList");
        foreach (var peer in peers)
        {
            xml.WriteStartElement("PeerInfo");
            xml.WriteElementString("PeerID", peer.PeerId.Value);
            xml.WriteElementString("PeerType", peer.PeerType);
            WriteAddresses(xml, peer.Addresses);
            xml.WriteElementString("PeerLocation", peer.PeerLocation);
            xml.WriteElementString("ConnectionType", peer.ConnectionType);
            xml.WriteElementString("EndPointRankCost", peer.EndPointRankCost.ToString(CultureInfo.InvariantCulture));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static PeerInfo? ReadPeer(MessageReader reader)
    {
        PeerId? id = null;
        var info = new PeerInfo { PeerId = default };
        var children = reader.EnterChildren();
        while (reader.NextChild(children))
        {
            switch (reader.Name)
            {
                case "PeerID":
                    id = PeerId.TryParse(reader.ReadText(), out var parsed) ? parsed : id;
                    break;
                case "PeerType" or "PeerMode":
                    info = info with { PeerType = ReadWord(reader) };
                    break;
                case "PeerAddresses":
                    info = info with { Addresses = ReadAddresses(reader, strict: false) };
                    break;
                case "PeerLocation":
                    info = info with { PeerLocation = ReadWord(reader) };
                    break;
                case "ConnectionType":
                    info = info with { ConnectionType = ReadWord(reader) };
                    break;
                case "EndPointRankCost":
                    int.TryParse(reader.ReadText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cost);
                    info = info with { EndPointRankCost = cost };
                    break;
            }
        }

        return id is { } peerId ? info with { PeerId = peerId } : null;
    }

    private static string ReadWord(MessageReader reader)
    {
        var text = reader.ReadText();
        return text.Length <= MaxWord ? text : "";
    }

    private static bool TryReadAddress(MessageReader reader, out PeerAddress address)
    {
        address = default;
        var port = 0;
        var portText = reader.Attribute("port");
        if (!string.IsNullOrEmpty(portText)
            && (!int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > 65535))
        {
            return false;
        }

        if (!TryParseIp(reader.Attribute("ip"), out var ip))
        {
            return false;
        }

        address = new PeerAddress(ip, port);
        return true;
    }

    /// <summary>IPv4 as four decimal octets without leading zeros, IPv6 in any textual form, brackets allowed, no scope.</summary>
    private static bool TryParseIp(string? text, out IPAddress ip)
    {
        ip = IPAddress.None;
        if (text is null || text.Length > 64)
        {
            return false;
        }

        if (text.Contains(':', StringComparison.Ordinal))
        {
            var bare = text is ['[', .. var inner, ']'] ? inner : text;
            return !bare.Contains('%', StringComparison.Ordinal)
                && IPAddress.TryParse(bare, out ip!)
                && ip.AddressFamily == AddressFamily.InterNetworkV6;
        }

        // The framework takes "1" and "010.0.0.1" too; what it writes for four plain octets is the same text again.
        return IPAddress.TryParse(text, out ip!) && ip.AddressFamily == AddressFamily.InterNetwork && ip.ToString() == text;
    }
}
