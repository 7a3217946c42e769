using System.Buffers.Binary;
using System.Security.Cryptography;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using ReferenceTracker.Http;
using ReferenceTracker.Registry;

namespace ReferenceTracker.Hosting;

/// <summary>
/// The protocol's door: <c>POST</c> with a message, whatever the path; besides it <c>/healthz</c> and <c>/readyz</c>. One
/// terminal middleware, without routing, because it stands in the way of every heartbeat.
/// </summary>
internal sealed class TrackerDoor(
    SwarmRegistry registry, WorkGate gate, ITrackerConversationObserver observer, TrackerMetrics metrics, ILogger<TrackerDoor> log)
{
    private readonly bool _isObserved = observer is not SilentObserver;

    /// <summary>Answers a request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var method = context.Request.Method;
        if (HttpMethods.IsPost(method))
        {
            return AnswerAsync(context);
        }

        if ((HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) && context.Request.Path.Value is "/healthz" or "/readyz")
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            return HttpMethods.IsHead(method) ? Task.CompletedTask : context.Response.WriteAsync("ok\n", context.RequestAborted);
        }

        context.Response.Headers.Allow = "POST";
        return RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "The protocol is spoken with POST.");
    }

    private async Task AnswerAsync(HttpContext context)
    {
        RequestBody? read;
        try
        {
            read = await RequestBody.ReadAsync(context.Request, CancellationToken.None);
        }
        catch (BadHttpRequestException e)
        {
            // The sender is too slow, sends too much or broke off: its own fault, and it may still read why.
            context.Response.Headers.Connection = "close";
            await RefuseAsync(context, e.StatusCode, "The body did not arrive as announced.");
            return;
        }

        if (read is not { } body)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, "The body is too long.");
            return;
        }

        using (body)
        {
            using var place = await gate.EnterAsync(CancellationToken.None);
            if (place is null)
            {
                metrics.Overloaded();
                log.Overloaded();
            }

            await AnswerAsync(context, body.Bytes, place is null);
        }
    }

    private Task AnswerAsync(HttpContext context, ReadOnlyMemory<byte> body, bool overloaded)
    {
        if (!TrackerCodec.ReadRequest(body).TryGet(out var request, out var refusal))
        {
            Tell(null, new RegistryAnswer(refusal.Code), refusal.Reason);
            return AnswerWriter.WriteAsync(context, Response(refusal.Code, refusal.TransactionId), refusal.TooLarge ? StatusCodes.Status413PayloadTooLarge : null);
        }

        var answer = overloaded ? RegistryAnswer.Full : Process(context, request, body.Span);
        Tell(request, answer, null);
        var response = new TrackerResponse
        {
            Code = answer.Code,
            TransactionId = request.TransactionId,
            SwarmId = answer.Peers is null ? null : SwarmOf(request),
            Peers = answer.Peers is null ? null : ListedPeer.ToPeerInfos(answer.Peers),
        };
        return AnswerWriter.WriteAsync(context, response);
    }

    private RegistryAnswer Process(HttpContext context, TrackerRequest request, ReadOnlySpan<byte> body)
    {
        try
        {
            var fingerprint = SwarmRegistry.IsReplayable(request) ? Fingerprint(body) : 0;
            return registry.Handle(request, context.Connection.RemoteIpAddress, fingerprint);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A bug must not cost the peer its answer; the log has the rest.
            log.Failed(e, Conversation.Method(request));
            return new RegistryAnswer(ResponseCode.InternalError);
        }
    }

    private Task RefuseAsync(HttpContext context, int status, string reason)
    {
        Tell(null, new RegistryAnswer(ResponseCode.InvalidSyntax), reason);
        return AnswerWriter.WriteAsync(context, Response(ResponseCode.InvalidSyntax, null), status);
    }

    private void Tell(TrackerRequest? request, RegistryAnswer answer, string? reason)
    {
        metrics.Answered(Conversation.Method(request), answer.Code);
        if (log.IsEnabled(LogLevel.Debug))
        {
            log.Answered(Conversation.Method(request), request?.PeerId.Value, Conversation.Swarm(request), answer.Code.WireText());
        }

        if (_isObserved)
        {
            observer.Answered(Conversation.Describe(request, answer, reason));
        }
    }

    private static TrackerResponse Response(ResponseCode code, TransactionId? transaction) =>
        new() { Code = code, TransactionId = transaction };

    private static SwarmId? SwarmOf(TrackerRequest request) => request switch
    {
        ListRequest list => list.SwarmId,
        ChunkListRequest chunk => chunk.SwarmId,
        _ => null,
    };

    private static ulong Fingerprint(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
