using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Xml;

namespace Ppsp.Protocol.Peering;

/// <summary>Writes peer messages the way draft-cruz-ppsp-http-peer-protocol-00 prints them, element for element.</summary>
internal static class PeerMessageWriter
{
    private static ReadOnlySpan<byte> Start => "<?xml version=\"1.0\" encoding=\"utf-8\"?><PPSPPeerProtocol version=\"1.0\">"u8;

    private static ReadOnlySpan<byte> End => "</PPSPPeerProtocol>"u8;

    internal static byte[] Write(PeerRequest request)
    {
        var writer = new MessageWriter();
        writer.Raw(Start);
        writer.Element("Method"u8, Verb(request));
        writer.Element("PeerID"u8, request.PeerId.Value);
        writer.Element("SwarmID"u8, request.SwarmId.Value);
        writer.Element("TransactionID"u8, request.TransactionId.Value);
        if (request is PeerStatusRequest status)
        {
            writer.Element("Status"u8, status.Status);
        }

        writer.Raw(End);
        return writer.ToArray();
    }

    internal static byte[] Write(PeerResponse response)
    {
        var writer = new MessageWriter();
        writer.Raw(Start);
        writer.Element("Response"u8, response.Code.WireText());

        // With a map the swarm stands in StreamInfo; with a list, or neither, in the root.
        if (response.SwarmId is { } swarm && (response.Peers is not null || response.ChunkMaps is null))
        {
            writer.Element("SwarmID"u8, swarm.Value);
        }

        if (response.TransactionId is { } transaction)
        {
            writer.Element("TransactionID"u8, transaction.Value);
        }

        if (response.Peers is { } peers)
        {
            PeerInfoXml.WriteList(writer, peers);
        }

        if (response.ChunkMaps is { } maps)
        {
            writer.Open("StreamInfo"u8);
            if (response.SwarmId is { } mapped)
            {
                writer.Element("SwarmID"u8, mapped.Value);
            }

            ChunkMapXml.WriteClips(writer, maps, "ChunkSegment"u8);
            writer.Close("StreamInfo"u8);
        }

        writer.Raw(End);
        return writer.ToArray();
    }

    private static string Verb(PeerRequest request) => request switch
    {
        GetPeerListRequest => "GET_PEERLIST",
        GetChunkMapRequest => "GET_CHUNKMAP",
        GetChunkRequest => "GET_CHUNK",
        PeerStatusRequest => "PEER_STATUS",
        _ => throw new ArgumentOutOfRangeException(nameof(request), request.GetType().Name, "Not a request of this protocol."),
    };
}
