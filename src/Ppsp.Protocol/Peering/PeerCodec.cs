using System.Xml;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Xml;

namespace Ppsp.Protocol.Peering;

/// <summary>
/// The HTTP peer protocol's XML (draft-cruz-ppsp-http-peer-protocol-00). Pure: no I/O; never throws for anything in the
/// input.
/// </summary>
public static class PeerCodec
{
    /// <summary>How far into a mixed GET_CHUNK body its XML may reach, in bytes.</summary>
    public const int MaxEnvelopeBytes = 64 * 1024;

    private const string Root = "PPSPPeerProtocol";

    /// <summary>Reads a request, gzip or not.</summary>
    public static Decoded<PeerRequest> ReadRequest(ReadOnlyMemory<byte> body) =>
        Envelope.Read<PeerRequest>(body, Root, reader => IsVersionSupported(reader) ? ReadRequest(reader) : Envelope.RefuseVersion(reader));

    /// <summary>Writes a request as UTF-8.</summary>
    /// <exception cref="ArgumentException">The request is of no kind that the protocol has.</exception>
    public static byte[] WriteRequest(PeerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return MessageWriter.Write(Root, xml =>
        {
            xml.WriteElementString("Method", MethodOf(request));
            xml.WriteElementString("PeerID", request.PeerId.Value);
            xml.WriteElementString("SwarmID", request.SwarmId.Value);
            xml.WriteElementString("TransactionID", request.TransactionId.Value);
            if (request is PeerStatusRequest status)
            {
                xml.WriteElementString("Status", status.Status);
            }
        });
    }

    /// <summary>Reads a response (of a mixed body: the XML part only, see <see cref="FindMediaStart"/>).</summary>
    public static Decoded<PeerResponse> ReadResponse(ReadOnlyMemory<byte> body) =>
        Envelope.Read<PeerResponse>(body, Root, reader => IsVersionSupported(reader) ? ReadResponse(reader) : Envelope.RefuseVersion(reader));

    /// <summary>Writes a response as UTF-8; nothing follows the closing tag, so media may.</summary>
    public static byte[] WriteResponse(PeerResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return MessageWriter.Write(Root, xml =>
        {
            xml.WriteElementString("Response", response.Code.WireText());
            if (response.SwarmId is { } swarm && response.ChunkMaps is null)
            {
                xml.WriteElementString("SwarmID", swarm.Value);
            }

            if (response.TransactionId is { } transaction)
            {
                xml.WriteElementString("TransactionID", transaction.Value);
            }

            if (response.Peers is { } peers)
            {
                PeerListXml.WriteList(xml, peers);
            }

            if (response.ChunkMaps is { } maps)
            {
                WriteMaps(xml, response.SwarmId, maps);
            }
        });
    }

    /// <summary>
    /// Where the media starts in a mixed GET_CHUNK body: right behind the first closing root tag. -1 when that tag is not
    /// in the bytes.
    /// </summary>
    public static int FindMediaStart(ReadOnlySpan<byte> body)
    {
        var tag = "</PPSPPeerProtocol>"u8;
        var at = body.IndexOf(tag);
        return at < 0 ? -1 : at + tag.Length;
    }

    /// <summary>The draft prints no number; the sibling draft of the same name says 0.1.</summary>
    private static bool IsVersionSupported(MessageReader reader) =>
        Envelope.IsVersionSupported(reader, v => v is 0.1m or (>= 1.0m and < 2.0m));

    private static string MethodOf(PeerRequest request) => request switch
    {
        GetPeerListRequest => "GET_PEERLIST",
        GetChunkMapRequest => "GET_CHUNKMAP",
        GetChunkRequest => "GET_CHUNK",
        PeerStatusRequest => "PEER_STATUS",
        _ => throw new ArgumentException($"The peer protocol has no {request.GetType().Name}.", nameof(request)),
    };

    private static Decoded<PeerRequest> ReadRequest(MessageReader reader)
    {
        string? method = null;
        string? peer = null;
        string? swarm = null;
        string? transaction = null;
        string? status = null;
        var children = reader.EnterChildren();
        while (reader.NextChild(children))
        {
            switch (reader.Name)
            {
                case "Method":
                    reader.Once(ref method, reader.ReadText());
                    break;
                case "PeerID":
                    reader.Once(ref peer, reader.ReadText());
                    break;
                case "SwarmID":
                    reader.Once(ref swarm, reader.ReadText());
                    break;
                case "TransactionID":
                    reader.Once(ref transaction, reader.ReadText());
                    break;
                case "Status":
                    reader.Once(ref status, reader.ReadText());
                    break;
                case "Response":
                    throw reader.Error("a request has no 'Response'");
            }
        }

        reader.ReadToEnd();
        var transactionId = Envelope.RequiredTransactionId(reader, transaction);
        var peerId = Envelope.RequiredPeerId(reader, peer);
        var swarmId = Envelope.RequiredSwarmId(reader, swarm);
        return (method ?? throw reader.Error("'Method' is missing")).ToUpperInvariant() switch
        {
            "GET_PEERLIST" => new GetPeerListRequest { PeerId = peerId, SwarmId = swarmId, TransactionId = transactionId },
            "GET_CHUNKMAP" => new GetChunkMapRequest { PeerId = peerId, SwarmId = swarmId, TransactionId = transactionId },
            "GET_CHUNK" => new GetChunkRequest { PeerId = peerId, SwarmId = swarmId, TransactionId = transactionId },
            "PEER_STATUS" => new PeerStatusRequest
            {
                PeerId = peerId,
                SwarmId = swarmId,
                TransactionId = transactionId,
                Status = (status ?? throw reader.Error("'Status' is missing")).ToLowerInvariant(),
            },
            _ => new CodecRefusal(
                ResponseCode.MessageNotSupported,
                "'Method' is none of GET_PEERLIST, GET_CHUNKMAP, GET_CHUNK, PEER_STATUS.",
                transactionId),
        };
    }

    private static Decoded<PeerResponse> ReadResponse(MessageReader reader)
    {
        string? response = null;
        string? swarm = null;
        string? transaction = null;
        List<PeerInfo>? peers = null;
        List<LevelMap>? maps = null;
        var children = reader.EnterChildren();
        while (reader.NextChild(children))
        {
            switch (reader.Name)
            {
                case "Response":
                    reader.Once(ref response, reader.ReadText());
                    break;
                case "SwarmID":
                    reader.Once(ref swarm, reader.ReadText());
                    break;
                case "TransactionID":
                    reader.Once(ref transaction, reader.ReadText());
                    break;
                case "PeerInfoList":
                    reader.Once(ref peers, PeerListXml.ReadList(reader));
                    break;
                case "StreamInfo":
                    reader.Once(ref maps, ReadMaps(reader, ref swarm));
                    break;
            }
        }

        reader.ReadToEnd();
        return new PeerResponse
        {
            Code = Envelope.RequiredResponse(reader, response),
            TransactionId = TransactionId.TryParse(transaction, out var id) ? id : null,
            SwarmId = SwarmId.TryParse(swarm, out var swarmId) ? swarmId : null,
            Peers = peers,
            ChunkMaps = maps,
        };
    }

    private static List<LevelMap> ReadMaps(MessageReader reader, ref string? swarm)
    {
        var maps = new List<LevelMap>();
        var clips = new ChunkMapXml();
        var children = reader.EnterChildren();
        while (reader.NextChild(children))
        {
            switch (reader.Name)
            {
                case "SwarmID":
                    reader.Once(ref swarm, reader.ReadText());
                    break;
                case "Clip":
                    maps.AddRange(clips.ReadClip(reader));
                    break;
            }
        }

        return maps;
    }

    /// <summary>Section 4.5: the SwarmID stands inside <c>StreamInfo</c> here, and the element is called <c>ChunkSegment</c>.</summary>
    private static void WriteMaps(XmlWriter xml, SwarmId? swarmId, IReadOnlyList<LevelMap> maps)
    {
        xml.WriteStartElement("StreamInfo");
        if (swarmId is { } swarm)
        {
            xml.WriteElementString("SwarmID", swarm.Value);
        }

        ChunkMapXml.WriteClips(xml, maps, "ChunkSegment");
        xml.WriteEndElement();
    }
}
