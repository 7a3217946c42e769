using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Xml;

namespace Ppsp.Protocol.DialectA;

/// <summary>
/// Dialect A: draft-cruz-ppsp-http-tracker-protocol-01 in HTTP/XML. Reads liberally, writes what the draft prints
/// wherever that is well formed. Pure: no I/O; never throws for anything in the input.
/// </summary>
public static class TrackerCodec
{
    internal const string Root = "PPSPTrackerProtocol";

    /// <summary>Reads a request, gzip or not, in any XML encoding.</summary>
    public static Decoded<TrackerRequest> ReadRequest(ReadOnlyMemory<byte> body) =>
        Envelope.Read<TrackerRequest>(body, Root, reader =>
            IsVersionSupported(reader) ? new RequestDraft().Read(reader) : Envelope.RefuseVersion(reader));

    /// <summary>Writes a request as UTF-8.</summary>
    /// <exception cref="ArgumentException">The request is of no kind that the dialect has.</exception>
    public static byte[] WriteRequest(TrackerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return RequestWriter.Write(request);
    }

    /// <summary>Reads a response. An error response may lack the transaction's id.</summary>
    public static Decoded<TrackerResponse> ReadResponse(ReadOnlyMemory<byte> body) =>
        Envelope.Read<TrackerResponse>(body, Root, reader =>
            IsVersionSupported(reader) ? ResponseReader.Read(reader) : Envelope.RefuseVersion(reader));

    /// <summary>Writes a response as UTF-8.</summary>
    public static byte[] WriteResponse(TrackerResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return MessageWriter.Write(Root, xml =>
        {
            xml.WriteElementString("Response", response.Code.WireText());
            if (response.SwarmId is { } swarmId)
            {
                xml.WriteElementString("SwarmID", swarmId.Value);
            }

            if (response.TransactionId is { } transactionId)
            {
                xml.WriteElementString("TransactionID", transactionId.Value);
            }

            if (response.Peers is { } peers)
            {
                PeerListXml.WriteList(xml, peers);
            }
        });
    }

    private static bool IsVersionSupported(MessageReader reader) => Envelope.IsVersionSupported(reader, v => v is 1.0m or 1.1m);
}
