using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Xml;

namespace Ppsp.Protocol.DialectA;

/// <summary>
/// Dialect A: draft-cruz-ppsp-http-tracker-protocol-01 in HTTP/XML. Reads liberally, writes what the draft prints
/// wherever that is well formed. Pure: no I/O; never throws for anything in the input.
/// </summary>
public static class TrackerCodec
{
    /// <summary>Most chunk maps in a message, over all swarms, clips and levels; who has more sends several reports.</summary>
    public const int MaxChunkMaps = ChunkMapXml.MaxMaps;

    private static readonly EnvelopeReader Envelope = new("PPSPTrackerProtocol", version => version is 1.0m or 1.1m);

    /// <summary>Reads a request, gzip or not, in any XML encoding.</summary>
    /// <returns>
    /// The request; else <see cref="ResponseCode.VersionNotSupported"/> for a well-formed message of another version and
    /// <see cref="ResponseCode.InvalidSyntax"/> for everything else.
    /// </returns>
    public static Decoded<TrackerRequest> ReadRequest(ReadOnlyMemory<byte> body) => Envelope.Read(body, TrackerRequestReader.Read);

    /// <summary>Writes a request as UTF-8.</summary>
    /// <exception cref="ArgumentException">
    /// A text holds control characters, there are more than <see cref="MaxChunkMaps"/> chunk maps, or the message is longer
    /// than <see cref="XmlBody.MaxBytes"/>.
    /// </exception>
    public static byte[] WriteRequest(TrackerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return TrackerWriter.Write(request);
    }

    /// <summary>Reads a response, gzip or not. Entries of a list that cannot be read, and those behind the first 1,000, are left out.</summary>
    public static Decoded<TrackerResponse> ReadResponse(ReadOnlyMemory<byte> body) => Envelope.Read(body, TrackerResponseReader.Read);

    /// <summary>Writes a response as UTF-8.</summary>
    /// <exception cref="ArgumentException">A text holds control characters, or the message is longer than <see cref="XmlBody.MaxBytes"/>.</exception>
    public static byte[] WriteResponse(TrackerResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return TrackerWriter.Write(response);
    }

    /// <summary>
    /// The draft's word for a request, for example <c>CONNECT</c> (draft-cruz-ppsp-http-tracker-protocol-01, section 4.2): for
    /// people, in logs and records.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The dialect has no such request.</exception>
    public static string MethodOf(TrackerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return TrackerWriter.Verb(request);
    }
}
