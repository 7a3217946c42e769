using System.Globalization;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.Xml;

/// <summary>
/// Addresses and lists of peers (draft-cruz-ppsp-http-tracker-protocol-01, sections 4.4 and 4.8). What a peer says of
/// itself must be right; in a list of others an entry that cannot be read is passed over, the rest still helps.
/// </summary>
internal static class PeerInfoXml
{
    /// <summary>Most addresses of a peer.</summary>
    internal const int MaxAddresses = 32;

    /// <summary>Most entries of a list that are read; those behind are passed over.</summary>
    internal const int MaxPeers = 1000;

    /// <summary>Reads the current <c>PeerAddresses</c> element of a request.</summary>
    internal static List<PeerAddress> ReadAddresses(MessageReader reader) => ReadAddresses(reader, strict: true);

    /// <summary>Reads the current <c>PeerInfoList</c> element.</summary>
    internal static List<PeerInfo> ReadList(MessageReader reader)
    {
        var peers = new List<PeerInfo>();
        var scope = reader.Enter();
        while (reader.NextChild(scope))
        {
            if (reader.Name == "PeerInfo" && peers.Count < MaxPeers && ReadPeer(reader) is { } peer)
            {
                peers.Add(peer);
            }
        }

        return peers;
    }

    internal static void WriteAddresses(MessageWriter writer, IReadOnlyList<PeerAddress> addresses)
    {
        writer.Open("PeerAddresses"u8);
        foreach (var address in addresses)
        {
            writer.Raw("<PeerAddress"u8);
            writer.Attribute("ip"u8, address.Address);
            writer.Attribute("port"u8, address.Port);
            writer.Raw(" />"u8);
        }

        writer.Close("PeerAddresses"u8);
    }

    internal static void WriteList(MessageWriter writer, IReadOnlyList<PeerInfo> peers)
    {
        writer.Open("PeerInfoList"u8);
        foreach (var peer in peers)
        {
            writer.Open("PeerInfo"u8);
            writer.Element("PeerID"u8, peer.PeerId.Value);
            writer.Element("PeerType"u8, peer.PeerType);
            WriteAddresses(writer, peer.Addresses);
            writer.Element("PeerLocation"u8, peer.PeerLocation);
            writer.Element("ConnectionType"u8, peer.ConnectionType);
            writer.Element("EndPointRankCost"u8, peer.EndPointRankCost);
            writer.Close("PeerInfo"u8);
        }

        writer.Close("PeerInfoList"u8);
    }

    private static List<PeerAddress> ReadAddresses(MessageReader reader, bool strict)
    {
        var addresses = new List<PeerAddress>(2);
        var scope = reader.Enter();
        while (reader.NextChild(scope))
        {
            if (reader.Name != "PeerAddress")
            {
                continue;
            }

            if (addresses.Count < MaxAddresses && AddressText.TryParse(reader.Attribute("ip"), reader.Attribute("port"), out var address))
            {
                addresses.Add(address);
            }
            else if (strict)
            {
                reader.Fail(addresses.Count == MaxAddresses
                    ? $"At most {MaxAddresses} PeerAddress are read"
                    : "PeerAddress needs ip, an IPv4 or IPv6 address without scope, and port, 0 to 65535");
            }
        }

        return addresses;
    }

    private static PeerInfo? ReadPeer(MessageReader reader)
    {
        string? id = null, type = null, location = null, connection = null, cost = null;
        List<PeerAddress>? addresses = null;
        var scope = reader.Enter();
        while (reader.NextChild(scope))
        {
            switch (reader.Name)
            {
                case "PeerID":
                    reader.ReadTextOnce(ref id);
                    break;
                case "PeerType" or "PeerMode":
                    reader.ReadTextOnce(ref type);
                    break;
                case "PeerAddresses" when addresses is not null:
                    reader.FailTwice();
                    break;
                case "PeerAddresses":
                    addresses = ReadAddresses(reader, strict: false);
                    break;
                case "PeerLocation":
                    reader.ReadTextOnce(ref location);
                    break;
                case "ConnectionType":
                    reader.ReadTextOnce(ref connection);
                    break;
                case "EndPointRankCost":
                    reader.ReadTextOnce(ref cost);
                    break;
            }
        }

        return !PeerId.TryParse(id, out var peerId) ? null : new PeerInfo
        {
            PeerId = peerId,
            PeerType = Word(type),
            Addresses = addresses ?? (IReadOnlyList<PeerAddress>)[],
            PeerLocation = Word(location),
            ConnectionType = Word(connection),
            EndPointRankCost = int.TryParse(cost, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0,
        };
    }

    private static string Word(string? text) => IdentifierText.TryNormalize(text, IdentifierText.MaxLength, out var word) ? word : "";
}
