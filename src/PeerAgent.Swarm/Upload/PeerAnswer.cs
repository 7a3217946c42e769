using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace PeerAgent.Swarm.Upload;

/// <summary>Writes XML answers: always status and envelope both, gzip where it pays and is welcome.</summary>
internal static class PeerAnswer
{
    /// <summary>Media type of everything in XML.</summary>
    public const string ContentType = "text/xml; charset=utf-8";

    private const int WorthPacking = 512;

    /// <summary>An answer that is no success: Response and TransactionID only.</summary>
    public static Task WriteErrorAsync(HttpContext context, ResponseCode code, TransactionId? transactionId) =>
        WriteErrorAsync(context, code, transactionId, code.HttpStatus());

    /// <summary>The same with a status that says more than the code's own.</summary>
    public static Task WriteErrorAsync(HttpContext context, ResponseCode code, TransactionId? transactionId, int status) =>
        WriteAsync(context, new PeerResponse { Code = code, TransactionId = transactionId }, status);

    /// <summary>An answer to a request that succeeded.</summary>
    public static Task WriteOkAsync(HttpContext context, PeerResponse response) =>
        WriteAsync(context, response, StatusCodes.Status200OK);

    private static async Task WriteAsync(HttpContext context, PeerResponse response, int status)
    {
        var body = PeerCodec.WriteResponse(response);
        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        if (body.Length >= WorthPacking)
        {
            context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
            if (TakesGzip(context.Request))
            {
                context.Response.Headers.ContentEncoding = "gzip";
                body = Pack(body);
            }
        }

        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static bool TakesGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(
            e => e.Quality is null or > 0 && (e.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) || e.Value == "*"));

    private static byte[] Pack(byte[] body)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return packed.ToArray();
    }
}
