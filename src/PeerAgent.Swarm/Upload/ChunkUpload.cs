using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using PeerAgent.Media.Store;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace PeerAgent.Swarm.Upload;

/// <summary>
/// Sends a chunk: alone, with length, entity tag and ranges, to a peer that asks for <c>application/octet-stream</c>; to any
/// other behind an envelope, as the draft prints it (draft-cruz-ppsp-http-peer-protocol-00, section 4.6).
/// </summary>
internal sealed class ChunkUpload(UploadRate rate, UploadMetrics metrics, Clock clock)
{
    private const string Raw = "application/octet-stream";

    /// <summary>Sends the chunk, or as much of it as the peer takes.</summary>
    /// <param name="context">The request.</param>
    /// <param name="claim">Whose it is, and when the chunk is due.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="transactionId">The request's identifier.</param>
    /// <param name="sent">Told of bytes that were really sent.</param>
    public async Task SendAsync(
        HttpContext context, UploadClaim claim, StoredChunk chunk, string contentType, TransactionId transactionId, Action<int> sent)
    {
        using var pace = new TakingPace(clock, context.Abort);
        var end = UploadEnd.Gone;
        try
        {
            var body = new MeteredBody(context.Response.Body, claim, rate, pace, sent);
            await (WantsRaw(context.Request)
                ? SendRawAsync(context, body, chunk, contentType)
                : SendMixedAsync(context, body, chunk, transactionId));
            end = UploadEnd.Sent;
        }
        catch (UploadEndedException e)
        {
            end = e.End;
            context.Abort();
        }
        catch (Exception e) when (pace.IsOver && e is OperationCanceledException or IOException)
        {
            // The connection was broken by us.
        }
        finally
        {
            metrics.Ended(pace.IsOver ? UploadEnd.TooSlow : end);
        }
    }

    private static async Task SendRawAsync(HttpContext context, MeteredBody body, StoredChunk chunk, string contentType)
    {
        context.Response.Body = body;
        var tag = EntityTagHeaderValue.Parse(chunk.EntityTag);
        var result = chunk.Memory is { } memory
            ? Results.Bytes(memory, contentType, enableRangeProcessing: true, entityTag: tag)
            : Results.Stream(chunk.OpenRead(), contentType, entityTag: tag, enableRangeProcessing: true);

        // The framework keeps the rules of ranges for GET alone; the protocol knows nothing but POST.
        var method = context.Request.Method;
        context.Request.Method = HttpMethods.Get;
        try
        {
            await result.ExecuteAsync(context);
        }
        finally
        {
            context.Request.Method = method;
        }
    }

    private static async Task SendMixedAsync(HttpContext context, MeteredBody body, StoredChunk chunk, TransactionId transactionId)
    {
        var envelope = PeerCodec.WriteResponse(new PeerResponse { Code = ResponseCode.Ok, TransactionId = transactionId });
        context.Response.ContentType = "text/xml";
        await context.Response.Body.WriteAsync(envelope, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        if (chunk.Memory is { } memory)
        {
            await body.WriteAsync(memory, context.RequestAborted);
        }
        else
        {
            await using var content = chunk.OpenRead();
            await content.CopyToAsync(body, context.RequestAborted);
        }
    }

    private static bool WantsRaw(HttpRequest request)
    {
        var accept = request.GetTypedHeaders().Accept;
        return accept.FirstOrDefault(a => a.MediaType.Equals(Raw, StringComparison.OrdinalIgnoreCase)) is { } raw
            && (raw.Quality ?? 1) > 0
            && !accept.Any(a => IsXml(a) && (a.Quality ?? 1) > (raw.Quality ?? 1));
    }

    private static bool IsXml(MediaTypeHeaderValue type) =>
        type.MediaType.Equals("text/xml", StringComparison.OrdinalIgnoreCase)
        || type.MediaType.Equals("application/xml", StringComparison.OrdinalIgnoreCase);
}
