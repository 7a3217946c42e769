using System.Net;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Http;

/// <summary>
/// Reads a plain HTTP answer that carries a chunk or the rest of one: an origin's, or that of a peer that knows raw
/// chunks.
/// </summary>
internal static class ChunkAnswer
{
    /// <summary>Checks the head and lets the body flow into the sink.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="wanted">What was asked for.</param>
    /// <param name="sink">Takes the bytes.</param>
    /// <param name="idle">Idle time-out.</param>
    /// <param name="patience">Holds the time-outs.</param>
    /// <param name="flow">Puts something between the body and us, or null.</param>
    public static async Task<TransferOutcome> ReadAsync(
        HttpResponseMessage response, ChunkWanted wanted, ITransferSink sink, TimeSpan idle, Patience patience, Func<Stream, Stream>? flow = null)
    {
        if (response.Content.Headers.ContentType?.MediaType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true)
        {
            return new TransferOutcome(TransferResult.Malformed, "sent several parts where one was asked for");
        }

        var packed = BodyReading.IsPacked(response);
        if (HeadOf(response, wanted, packed) is not { } head)
        {
            return new TransferOutcome(TransferResult.Malformed, "sent a part that was not asked for");
        }

        if (head.TotalLength > wanted.MaxBytes)
        {
            return new TransferOutcome(TransferResult.TooLarge, $"announced {head.TotalLength} bytes, more than any chunk may have");
        }

        if (!sink.Begin(head))
        {
            return new TransferOutcome(TransferResult.Unwanted, "has other bytes than the source before it");
        }

        var plain = await BodyReading.OpenAsync(response, patience.Token);
        await using var body = flow?.Invoke(plain) ?? plain;
        return await BodyReading.CopyAsync(body, sink, wanted.MaxBytes - head.Offset, idle, patience);
    }

    private static TransferHead? HeadOf(HttpResponseMessage response, ChunkWanted wanted, bool packed)
    {
        var tag = response.Headers.ETag is { IsWeak: false } strong ? strong.Tag : null;
        var length = packed ? null : response.Content.Headers.ContentLength;
        if (response.StatusCode != HttpStatusCode.PartialContent)
        {
            return new TransferHead(0, length, tag, MayBeginWithLineBreak: false);
        }

        var range = response.Content.Headers.ContentRange;
        var asked = (wanted.Offset > 0 || wanted.End is not null)
            && !packed
            && range is { Unit: "bytes", HasRange: true, HasLength: true }
            && range.From == wanted.Offset
            && range.To == Math.Min(range.Length ?? 0, wanted.End ?? long.MaxValue) - 1
            && (length is null || length == range.To + 1 - range.From);
        return asked ? new TransferHead(wanted.Offset, range!.Length, tag, MayBeginWithLineBreak: false) : null;
    }
}
