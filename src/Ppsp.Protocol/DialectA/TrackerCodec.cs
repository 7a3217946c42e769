using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.DialectA;

/// <summary>
/// Dialect A: draft-cruz-ppsp-http-tracker-protocol-01 in HTTP/XML. Reads liberally, writes what the draft prints
/// wherever that is well formed. Pure: no I/O; never throws for anything in the input.
/// </summary>
public static class TrackerCodec
{
    /// <summary>Reads a request, gzip or not, in any XML encoding.</summary>
    public static Decoded<TrackerRequest> ReadRequest(ReadOnlyMemory<byte> body) => throw new NotImplementedException();

    /// <summary>Writes a request as UTF-8.</summary>
    public static byte[] WriteRequest(TrackerRequest request) => throw new NotImplementedException();

    /// <summary>Reads a response.</summary>
    public static Decoded<TrackerResponse> ReadResponse(ReadOnlyMemory<byte> body) => throw new NotImplementedException();

    /// <summary>Writes a response as UTF-8.</summary>
    public static byte[] WriteResponse(TrackerResponse response) => throw new NotImplementedException();
}
