using System.Globalization;
using System.Net;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Client;

/// <summary>
/// From an HTTP response to an outcome: believes the body's <c>Response</c>, then the status
/// (draft-cruz-ppsp-http-tracker-protocol-01, section 4.2, Table 2).
/// </summary>
internal static class AnswerReader
{
    /// <summary>Longest wait that a tracker may ask for; what is longer is cut.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(10);

    /// <summary>Reads a response, of whose body at most <paramref name="maxBytes"/> bytes are taken.</summary>
    public static async Task<TrackerOutcome> ReadAsync(
        HttpResponseMessage response, TransactionId asked, int maxBytes, TimeProvider time, CancellationToken ct)
    {
        if (await ReadBodyAsync(response, maxBytes, ct) is not { } body)
        {
            return new TrackerMalformed($"its answer is longer than {maxBytes} bytes");
        }

        var retryAfter = RetryAfter(response, time);
        if (!TrackerCodec.ReadResponse(body).TryGet(out var message, out var refusal))
        {
            return FromStatus(response.StatusCode, refusal.Reason, retryAfter);
        }

        var isOurs = message.TransactionId is { } id ? id == asked : message.Code != ResponseCode.Ok;
        if (!isOurs)
        {
            return new TrackerMalformed("its answer belongs to another request (TransactionID differs)");
        }

        return message.Code == ResponseCode.Ok ? new TrackerAnswer(message) : Refuse(message.Code, retryAfter);
    }

    private static TrackerOutcome FromStatus(HttpStatusCode status, string reason, TimeSpan? retryAfter)
    {
        var number = (int)status;
        return number switch
        {
            401 => Refuse(ResponseCode.AuthenticationRequired, retryAfter),
            403 => Refuse(ResponseCode.MessageForbidden, retryAfter),
            404 => Refuse(ResponseCode.ObjectNotFound, retryAfter),
            408 or 429 or 503 => Refuse(ResponseCode.TemporarilyOverloaded, retryAfter),
            >= 500 => Refuse(ResponseCode.InternalError, retryAfter),
            >= 400 => new TrackerRefusal(ResponseCode.InvalidSyntax, Say($"it refused the request with HTTP status {number}")),
            >= 300 => new TrackerMalformed(Say($"it redirects elsewhere (HTTP status {number}); redirects are not followed")),
            _ => new TrackerMalformed($"its answer is not one of a tracker: {reason}"),
        };
    }

    private static TrackerRefusal Refuse(ResponseCode code, TimeSpan? retryAfter) =>
        new(code, Say($"it answered {code.HttpStatus()} {code.WireText()}"), retryAfter);

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var header = response.Headers.RetryAfter;
        if ((header?.Delta ?? header?.Date - time.GetUtcNow()) is not { } wait)
        {
            return null;
        }

        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestRetryAfter ? wait : LongestRetryAfter;
    }

    /// <summary>The body as it is after decompression; null when it is too long.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(
        HttpResponseMessage response, int maxBytes, CancellationToken ct)
    {
        if (response.Content.Headers.ContentLength > maxBytes)
        {
            return null;
        }

        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), ct);
            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }

            length += read;
            if (length > maxBytes)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, maxBytes + 1));
            }
        }
    }
}
