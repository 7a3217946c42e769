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

    /// <summary>Most chunk maps in a response, over all clips and levels.</summary>
    public const int MaxChunkMaps = ChunkMapXml.MaxMaps;

    private static readonly EnvelopeReader Envelope = new("PPSPPeerProtocol", version => version is 0.1m or (>= 1m and < 2m));

    private static ReadOnlySpan<byte> ClosingTag => "</PPSPPeerProtocol"u8;

    /// <summary>Reads a request, gzip or not.</summary>
    /// <returns>
    /// The request; else <see cref="ResponseCode.VersionNotSupported"/> for a well-formed message of another version,
    /// <see cref="ResponseCode.MessageNotSupported"/> for another method, and <see cref="ResponseCode.InvalidSyntax"/> for
    /// everything else.
    /// </returns>
    public static Decoded<PeerRequest> ReadRequest(ReadOnlyMemory<byte> body) => Envelope.Read(body, PeerMessageReader.ReadRequest);

    /// <summary>Writes a request as UTF-8.</summary>
    /// <exception cref="ArgumentException">A text holds control characters.</exception>
    public static byte[] WriteRequest(PeerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return PeerMessageWriter.Write(request);
    }

    /// <summary>Reads a response, gzip or not; of a mixed body the XML part only, see <see cref="FindMediaStart"/>.</summary>
    public static Decoded<PeerResponse> ReadResponse(ReadOnlyMemory<byte> body)
    {
        if (XmlBody.TryGunzip(body, out var plain, out _) == XmlBodyResult.Ok)
        {
            body = plain;
        }

        var end = EndOfXml(body.Span);
        return Envelope.Read(end < 0 ? body : body[..end], PeerMessageReader.ReadResponse);
    }

    /// <summary>Writes a response as UTF-8; nothing follows the closing tag, so media may.</summary>
    /// <exception cref="ArgumentException">
    /// A text holds control characters, there are more than <see cref="MaxChunkMaps"/> chunk maps, or the message is longer
    /// than <see cref="XmlBody.MaxBytes"/>.
    /// </exception>
    public static byte[] WriteResponse(PeerResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return PeerMessageWriter.Write(response);
    }

    /// <summary>
    /// Where the media starts in a mixed GET_CHUNK body: right behind the first closing root tag. -1 when that tag is not
    /// in the bytes, or not within the first <see cref="MaxEnvelopeBytes"/>.
    /// </summary>
    public static int FindMediaStart(ReadOnlySpan<byte> body) => EndOfXml(body[..Math.Min(body.Length, MaxEnvelopeBytes)]);

    private static int EndOfXml(ReadOnlySpan<byte> body)
    {
        var tag = body.IndexOf(ClosingTag);
        if (tag < 0)
        {
            return -1;
        }

        var name = tag + ClosingTag.Length;
        var end = body[name..].IndexOfAnyExcept(" \t\r\n"u8);
        return end >= 0 && body[name + end] == '>' ? name + end + 1 : -1;
    }
}
