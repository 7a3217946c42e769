using Microsoft.Net.Http.Headers;
using PeerAgent.Media.Store;

namespace PeerAgent.Proxy;

/// <summary>
/// Sends a chunk that is here. Ranges and conditions are the framework's business; a plain request for a chunk in memory,
/// which is nearly every one, goes straight from the store's memory to the connection.
/// </summary>
internal sealed class WholeChunkResult(StoredChunk chunk, string contentType) : IResult
{
    /// <summary>So much is on its way at a time: it is still near the processor when the system takes it, and a slow player has no second copy of it all.</summary>
    private const int PieceBytes = 256 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var lease = chunk;
        if (chunk.Memory is { } memory && IsPlain(httpContext.Request))
        {
            var headers = httpContext.Response.Headers;
            headers.ContentType = contentType;
            headers.ContentLength = memory.Length;
            headers.ETag = chunk.EntityTag;
            headers.AcceptRanges = "bytes";
            await SendAsync(httpContext.Response, memory, httpContext.RequestAborted);
            return;
        }

        var tag = new EntityTagHeaderValue(chunk.EntityTag);
        IResult result = chunk.Memory is { } content
            ? TypedResults.Bytes(content, contentType, enableRangeProcessing: true, entityTag: tag)
            : TypedResults.Stream(chunk.OpenRead(), contentType, entityTag: tag, enableRangeProcessing: true);
        await result.ExecuteAsync(httpContext);
    }

    private static async Task SendAsync(HttpResponse response, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        for (; content.Length > PieceBytes; content = content[PieceBytes..])
        {
            await response.BodyWriter.WriteAsync(content[..PieceBytes], cancellationToken);
        }

        await response.BodyWriter.WriteAsync(content, cancellationToken);
    }

    private static bool IsPlain(HttpRequest request)
    {
        var headers = request.Headers;
        return HttpMethods.IsGet(request.Method)
            && headers.Range.Count == 0
            && headers.IfMatch.Count == 0
            && headers.IfNoneMatch.Count == 0
            && headers.IfModifiedSince.Count == 0
            && headers.IfUnmodifiedSince.Count == 0;
    }
}
