using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Xml;

namespace Ppsp.Protocol.Peering;

/// <summary>Reads what the root of a peer's message holds; the order of its children does not matter.</summary>
internal static class PeerMessageReader
{
    private const int MaxStatusLength = 64;

    /// <summary>Reads a request; null after a fault.</summary>
    internal static PeerRequest? ReadRequest(MessageReader reader)
    {
        var common = new CommonFields();
        string? status = null;
        var scope = reader.Enter();
        while (reader.NextChild(scope))
        {
            if (!common.Take(reader) && reader.Name == "Status")
            {
                reader.ReadTextOnce(ref status);
            }
        }

        var request = reader.Fault is null ? Build(reader, common, status) : null;
        return reader.Fault is null ? request : null;
    }

    /// <summary>Reads a response; null after a fault.</summary>
    internal static PeerResponse? ReadResponse(MessageReader reader)
    {
        var common = new CommonFields();
        List<PeerInfo>? peers = null;
        List<LevelMap>? maps = null;
        string? swarm = null;
        var scope = reader.Enter();
        while (reader.NextChild(scope))
        {
            if (common.Take(reader))
            {
                continue;
            }

            switch (reader.Name)
            {
                case "PeerInfoList" when peers is null:
                    peers = PeerInfoXml.ReadList(reader);
                    break;
                case "StreamInfo" when maps is null:
                    maps = [];
                    ReadStreamInfo(reader, maps, ref swarm);
                    break;
                case "PeerInfoList" or "StreamInfo":
                    reader.FailTwice();
                    break;
            }
        }

        if (reader.Fault is not null)
        {
            return null;
        }

        var response = new PeerResponse
        {
            Code = common.Response(reader),
            TransactionId = common.OptionalTransactionId(reader),
            SwarmId = Swarm(reader, common.OptionalSwarmId(reader), swarm),
            Peers = peers,
            ChunkMaps = maps,
        };
        return reader.Fault is null ? response : null;
    }

    private static PeerRequest? Build(MessageReader reader, CommonFields common, string? status)
    {
        var method = common.Method(reader);
        if (reader.Fault is null && method is not ("GET_PEERLIST" or "GET_CHUNKMAP" or "GET_CHUNK" or "PEER_STATUS"))
        {
            reader.Fail(ResponseCode.MessageNotSupported, "Method must be one of GET_PEERLIST, GET_CHUNKMAP, GET_CHUNK and PEER_STATUS");
        }

        var peer = common.PeerId(reader);
        var swarm = common.SwarmId(reader);
        var transaction = common.TransactionId(reader);
        return method switch
        {
            "GET_PEERLIST" => new GetPeerListRequest { PeerId = peer, SwarmId = swarm, TransactionId = transaction },
            "GET_CHUNKMAP" => new GetChunkMapRequest { PeerId = peer, SwarmId = swarm, TransactionId = transaction },
            "GET_CHUNK" => new GetChunkRequest { PeerId = peer, SwarmId = swarm, TransactionId = transaction },
            "PEER_STATUS" => new PeerStatusRequest
            {
                PeerId = peer, SwarmId = swarm, TransactionId = transaction, Status = Status(reader, status),
            },
            _ => null,
        };
    }

    private static string Status(MessageReader reader, string? text)
    {
        if (!IdentifierText.TryNormalize(text, MaxStatusLength, out var status))
        {
            CommonFields.FailIdentifier(reader, "Status", MaxStatusLength);
        }

        return status?.ToLowerInvariant() ?? "";
    }

    private static void ReadStreamInfo(MessageReader reader, List<LevelMap> maps, ref string? swarm)
    {
        var scope = reader.Enter();
        while (reader.NextChild(scope))
        {
            switch (reader.Name)
            {
                case "SwarmID":
                    reader.ReadTextOnce(ref swarm);
                    break;
                case "Clip":
                    ChunkMapXml.ReadClip(reader, maps);
                    break;
            }
        }
    }

    /// <summary>The swarm may stand in the root or in StreamInfo; in both it must be the same.</summary>
    private static SwarmId? Swarm(MessageReader reader, SwarmId? outer, string? inner)
    {
        if (string.IsNullOrEmpty(inner))
        {
            return outer;
        }

        if (!SwarmId.TryParse(inner, out var swarm))
        {
            CommonFields.FailIdentifier(reader, "StreamInfo/SwarmID", IdentifierText.MaxLength);
        }
        else if (outer is { } other && other != swarm)
        {
            reader.Fail("The SwarmID of the message and the one in StreamInfo must be the same");
        }

        return swarm;
    }
}
