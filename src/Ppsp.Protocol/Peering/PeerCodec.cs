using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.Peering;

/// <summary>
/// The HTTP peer protocol's XML (draft-cruz-ppsp-http-peer-protocol-00). Pure: no I/O; never throws for anything in the
/// input.
/// </summary>
public static class PeerCodec
{
    /// <summary>How far into a mixed GET_CHUNK body its XML may reach, in bytes.</summary>
    public const int MaxEnvelopeBytes = 64 * 1024;

    /// <summary>Reads a request, gzip or not.</summary>
    public static Decoded<PeerRequest> ReadRequest(ReadOnlyMemory<byte> body) => throw new NotImplementedException();

    /// <summary>Writes a request as UTF-8.</summary>
    public static byte[] WriteRequest(PeerRequest request) => throw new NotImplementedException();

    /// <summary>Reads a response (of a mixed body: the XML part only, see <see cref="FindMediaStart"/>).</summary>
    public static Decoded<PeerResponse> ReadResponse(ReadOnlyMemory<byte> body) => throw new NotImplementedException();

    /// <summary>Writes a response as UTF-8; nothing follows the closing tag, so media may.</summary>
    public static byte[] WriteResponse(PeerResponse response) => throw new NotImplementedException();

    /// <summary>
    /// Where the media starts in a mixed GET_CHUNK body: right behind the first closing root tag. -1 when that tag is not
    /// in the bytes.
    /// </summary>
    public static int FindMediaStart(ReadOnlySpan<byte> body) => throw new NotImplementedException();
}
