using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using PeerAgent.Swarm.Swarms;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace PeerAgent.Swarm.Upload;

/// <summary>
/// The HTTP peer protocol's server side (draft-cruz-ppsp-http-peer-protocol-00): reads a request whatever its path, and
/// answers it out of the swarms that we take part in.
/// </summary>
internal sealed class PeerRequestHandler(
    SwarmDirectory swarms, PeerAccess access, UploadSettings settings, ChunkDoor chunks, PeerRefusal refusal)
{
    private const int MaxRequestBytes = 64 * 1024;
    private const int MaxPeersInList = 50;

    private static readonly object Nothing = new();

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
            return refusal.RefuseAsync(context, ResponseCode.MessageForbidden, null, "not from an allowed network");
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
            refusal.Refused(StatusCodes.Status413PayloadTooLarge, "too large");
            await PeerAnswer.WriteErrorAsync(context, ResponseCode.InvalidSyntax, null, StatusCodes.Status413PayloadTooLarge);
            return;
        }

        if (!PeerCodec.ReadRequest(body).TryGet(out var request, out var wrong))
        {
            await refusal.RefuseAsync(context, wrong.Code, wrong.TransactionId, wrong.Reason);
            return;
        }

        if (!swarms.TryGet(request.SwarmId, out var stream))
        {
            await refusal.RefuseAsync(context, ResponseCode.ObjectNotFound, request.TransactionId, "unknown swarm");
            return;
        }

        stream.PeerAsked(request.PeerId);
        await (request switch
        {
            GetChunkRequest => chunks.SendAsync(context, stream, request),
            GetChunkMapRequest => SendMapAsync(context, stream, request),
            GetPeerListRequest => SendPeersAsync(context, stream, request),
            PeerStatusRequest status => TakeStatusAsync(context, stream, status),
            _ => refusal.RefuseAsync(context, ResponseCode.InvalidSyntax, request.TransactionId, "unknown method"),
        });
    }

    private Task SendMapAsync(HttpContext context, SwarmStream stream, PeerRequest request)
    {
        // Where nothing is sent nothing is promised.
        var maps = stream.Chunks.GetMaps();
        var isOpen = settings.MaySend(stream.Chunks.Layout.Stream);
        var tag = EntityTagHeaderValue.Parse(stream.MapTag.Of(isOpen ? maps : Nothing));
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
                ChunkMaps = isOpen ? AnnouncedMaps.Of(maps) : AnnouncedMaps.NothingOf(maps),
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
                Peers = stream.Chunks.Layout.Stream.IsPrivate ? [] : stream.PeersFor(request.PeerId, MaxPeersInList),
            });

    private Task TakeStatusAsync(HttpContext context, SwarmStream stream, PeerStatusRequest request)
    {
        var from = context.Connection.RemoteIpAddress ?? IPAddress.None;
        return stream.StatusReceived(request.PeerId, from, request.Status)
            ? PeerAnswer.WriteOkAsync(context, new PeerResponse { Code = ResponseCode.Ok, TransactionId = request.TransactionId })
            : refusal.RefuseAsync(context, ResponseCode.MessageForbidden, request.TransactionId, "not where that peer is known to be");
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
