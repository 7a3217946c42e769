using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using PeerAgent.Swarm.Swarms;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace PeerAgent.Swarm.Upload;

/// <summary>
/// The HTTP peer protocol's server side (draft-cruz-ppsp-http-peer-protocol-00): reads a request whatever its path, and
/// answers it out of the swarms that we take part in.
/// </summary>
internal sealed class PeerRequestHandler(
    SwarmDirectory swarms, PeerAccess access, UploadOptions options, ChunkUpload upload, UploadSlots slots, UploadTelemetry telemetry)
{
    private const int MaxRequestBytes = 64 * 1024;
    private const int MaxPeersInList = 50;
    private const int RetryAfterSeconds = 1;

    /// <summary>Answers a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await AnswerAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The peer has gone; there is nobody to tell.
        }
        catch (IOException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The same, noticed while writing.
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        if (!access.Allows(context.Connection.RemoteIpAddress))
        {
            return RefuseAsync(context, ResponseCode.MessageForbidden, null, "not from an allowed network");
        }

        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = HttpMethods.Post;
            return Task.CompletedTask;
        }

        return AnswerPostAsync(context);
    }

    private async Task AnswerPostAsync(HttpContext context)
    {
        if (await ReadBodyAsync(context.Request, context.RequestAborted) is not { } body)
        {
            telemetry.Refused(StatusCodes.Status413PayloadTooLarge, "too large");
            await PeerAnswer.WriteErrorAsync(context, ResponseCode.InvalidSyntax, null, StatusCodes.Status413PayloadTooLarge);
            return;
        }

        if (!PeerCodec.ReadRequest(body).TryGet(out var request, out var refusal))
        {
            await RefuseAsync(context, refusal.Code, refusal.TransactionId, refusal.Reason);
            return;
        }

        if (!swarms.TryGet(request.SwarmId, out var stream))
        {
            await RefuseAsync(context, ResponseCode.ObjectNotFound, request.TransactionId, "unknown swarm");
            return;
        }

        await (request switch
        {
            GetChunkRequest => SendChunkAsync(context, stream, request),
            GetChunkMapRequest => SendMapAsync(context, stream, request),
            GetPeerListRequest => SendPeersAsync(context, stream, request),
            PeerStatusRequest status => TakeStatusAsync(context, stream, status),
            _ => RefuseAsync(context, ResponseCode.InvalidSyntax, request.TransactionId, "unknown method"),
        });
    }

    private async Task SendChunkAsync(HttpContext context, SwarmStream stream, PeerRequest request)
    {
        if (!options.Enabled || stream.Chunks.Layout.Stream.IsPrivate || stream.IsChoked(request.PeerId))
        {
            await RefuseAsync(context, ResponseCode.MessageForbidden, request.TransactionId, "choked");
            return;
        }

        // Looked up by ids; a path never reaches the disk.
        var layout = stream.Chunks.Layout;
        var path = context.Request.Path.Value.AsSpan().TrimStart('/');
        if (!layout.TryResolve(path, out var chunk))
        {
            await RefuseAsync(context, ResponseCode.ObjectNotFound, request.TransactionId, "not a chunk of the stream");
            return;
        }

        if (!slots.TryEnter())
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            await RefuseAsync(context, ResponseCode.TemporarilyOverloaded, request.TransactionId, "no upload slot");
            return;
        }

        try
        {
            using var stored = await stream.Chunks.OpenAsync(chunk.Value, context.RequestAborted);
            await (stored is null
                ? RefuseAsync(context, ResponseCode.ObjectNotFound, request.TransactionId, "chunk not held")
                : upload.SendAsync(
                    context,
                    stored,
                    layout.ContentTypeOf(chunk.Value),
                    request.TransactionId,
                    bytes => stream.Uploaded(request.PeerId, bytes)));
        }
        finally
        {
            slots.Leave();
        }
    }

    private static Task SendMapAsync(HttpContext context, SwarmStream stream, PeerRequest request)
    {
        var maps = stream.Chunks.GetMaps();
        var tag = EntityTagHeaderValue.Parse(stream.MapTag.Of(maps));
        context.Response.GetTypedHeaders().ETag = tag;
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(t => t.Compare(tag, useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return PeerAnswer.WriteOkAsync(
            context,
            new PeerResponse
            {
                Code = ResponseCode.Ok,
                TransactionId = request.TransactionId,
                SwarmId = stream.SwarmId,
                ChunkMaps = AnnouncedMaps.Of(maps),
            });
    }

    private static Task SendPeersAsync(HttpContext context, SwarmStream stream, PeerRequest request) =>
        PeerAnswer.WriteOkAsync(
            context,
            new PeerResponse
            {
                Code = ResponseCode.Ok,
                TransactionId = request.TransactionId,
                SwarmId = stream.SwarmId,
                Peers = stream.PeersFor(request.PeerId, MaxPeersInList),
            });

    private Task TakeStatusAsync(HttpContext context, SwarmStream stream, PeerStatusRequest request)
    {
        var from = context.Connection.RemoteIpAddress ?? IPAddress.None;
        return stream.StatusReceived(request.PeerId, from, request.Status)
            ? PeerAnswer.WriteOkAsync(context, new PeerResponse { Code = ResponseCode.Ok, TransactionId = request.TransactionId })
            : RefuseAsync(context, ResponseCode.MessageForbidden, request.TransactionId, "not where that peer is known to be");
    }

    private Task RefuseAsync(HttpContext context, ResponseCode code, TransactionId? transactionId, string reason)
    {
        telemetry.Refused(code.HttpStatus(), reason);
        return PeerAnswer.WriteErrorAsync(context, code, transactionId);
    }

    /// <summary>The body; null when it is longer than any request may be.</summary>
    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxRequestBytes)
        {
            return null;
        }

        var all = new MemoryStream();
        var piece = new byte[4 * 1024];
        while (true)
        {
            var read = await request.Body.ReadAsync(piece, cancellationToken);
            if (read == 0)
            {
                return all.ToArray();
            }

            if (all.Length + read > MaxRequestBytes)
            {
                return null;
            }

            all.Write(piece, 0, read);
        }
    }
}
