using System.IO.Compression;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Messages;

namespace ReferenceTracker.Http;

/// <summary>Writes answers: status and XML body are both always sent (draft-cruz-ppsp-http-tracker-protocol-01, section 4.2).</summary>
internal static class AnswerWriter
{
    internal const string MediaType = "application/xml; charset=utf-8";

    /// <summary>Answers longer than this are packed for those who can unpack them, in bytes.</summary>
    internal const int GzipAbove = 512;

    /// <summary>Writes an answer.</summary>
    /// <param name="context">Whom to.</param>
    /// <param name="response">The message.</param>
    /// <param name="status">The HTTP status, where it is not the one of the message's code.</param>
    internal static Task WriteAsync(HttpContext context, TrackerResponse response, int? status = null)
    {
        var http = context.Response;
        http.StatusCode = status ?? response.Code.HttpStatus();
        http.ContentType = MediaType;
        if (http.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            http.Headers.RetryAfter = "1";
        }

        if (PlainAnswer.TryFind(response, out var plain))
        {
            http.ContentLength = plain.Length;
            return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : plain.WriteAsync(http.BodyWriter);
        }

        var body = TrackerCodec.WriteResponse(response);
        if (body.Length > GzipAbove)
        {
            http.Headers.Vary = "Accept-Encoding";
            if (AcceptsGzip(context.Request))
            {
                http.Headers.ContentEncoding = "gzip";
                body = Pack(body);
            }
        }

        http.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : http.BodyWriter.WriteAsync(body, CancellationToken.None).AsTask();
    }

    /// <summary>True when one of the codings is gzip, or any, and not with weight 0.</summary>
    private static bool AcceptsGzip(HttpRequest request)
    {
        var any = false;
        foreach (var coding in request.GetTypedHeaders().AcceptEncoding)
        {
            if (coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase))
            {
                return coding.Quality is not 0;
            }

            any |= coding.Value == "*" && coding.Quality is not 0;
        }

        return any;
    }

    private static byte[] Pack(byte[] body)
    {
        using var packed = new MemoryStream(body.Length / 2);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return packed.ToArray();
    }
}
