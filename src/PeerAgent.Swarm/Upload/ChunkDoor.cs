using System.Globalization;
using Microsoft.AspNetCore.Http;
using PeerAgent.Swarm.Swarms;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace PeerAgent.Swarm.Upload;

/// <summary>
/// Answers GET_CHUNK (draft-cruz-ppsp-http-peer-protocol-00, section 4.6): who may have chunks at all, who has to wait or
/// come back, who is served.
/// </summary>
internal sealed class ChunkDoor(
    UploadSettings settings, ChokeBoard chokes, UploadSlots slots, ChunkUpload upload, UploadMeter meter, PeerRefusal refusal, Clock clock)
{
    private const int RetryAfterSeconds = 1;

    /// <summary>Answers the request.</summary>
    public async Task SendAsync(HttpContext context, SwarmStream stream, PeerRequest request)
    {
        var layout = stream.Chunks.Layout;
        if (!settings.MaySend(layout.Stream))
        {
            await refusal.RefuseAsync(
                context, ResponseCode.MessageForbidden, request.TransactionId, layout.Stream.IsPrivate ? "private" : "uploads are off");
            return;
        }

        // Looked up by ids; a path never reaches the disk.
        var path = context.Request.Path.Value.AsSpan().TrimStart('/');
        if (!layout.TryResolve(path, out var chunk))
        {
            await refusal.RefuseAsync(context, ResponseCode.ObjectNotFound, request.TransactionId, "not a chunk of the stream");
            return;
        }

        if (!stream.Chunks.Contains(chunk.Value))
        {
            await refusal.RefuseAsync(context, ResponseCode.ObjectNotFound, request.TransactionId, "chunk not held");
            return;
        }

        var from = context.Connection.RemoteIpAddress;
        var who = Requester.Of(from, request.PeerId);
        if (chokes.Asked(who, from, stream.SwarmId) || stream.IsChoked(request.PeerId))
        {
            await refusal.RefuseAsync(context, ResponseCode.MessageForbidden, request.TransactionId, "choked");
            return;
        }

        var claim = new UploadClaim(who, clock.Now + DuePriority.Read(context.Request.Headers[DuePriority.Field]));
        using var slot = await slots.EnterAsync(claim, context.RequestAborted);
        if (slot is null)
        {
            chokes.Overloaded();
            context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            await refusal.RefuseAsync(context, ResponseCode.TemporarilyOverloaded, request.TransactionId, "no upload slot");
            return;
        }

        await SendAsync(context, stream, request, claim, chunk.Value);
    }

    private async Task SendAsync(HttpContext context, SwarmStream stream, PeerRequest request, UploadClaim claim, ChunkId chunk)
    {
        using var stored = await stream.Chunks.OpenAsync(chunk, context.RequestAborted);
        await (stored is null
            ? refusal.RefuseAsync(context, ResponseCode.ObjectNotFound, request.TransactionId, "chunk not held")
            : upload.SendAsync(
                context, claim, stored, stream.Chunks.Layout.ContentTypeOf(chunk), request.TransactionId, Sent));

        void Sent(int bytes)
        {
            meter.Sent(bytes);
            stream.Uploaded(request.PeerId, bytes);
        }
    }
}
