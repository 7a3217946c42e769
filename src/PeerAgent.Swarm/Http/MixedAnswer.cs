using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace PeerAgent.Swarm.Http;

/// <summary>
/// Reads GET_CHUNK's answer as the draft prints it: an XML envelope, and right behind its closing tag the media
/// (draft-cruz-ppsp-http-peer-protocol-00, section 4.6). Where TCP or HTTP cut the body does not matter.
/// </summary>
internal static class MixedAnswer
{
    /// <summary>Splits the body and lets the media flow into the sink.</summary>
    public static async Task<TransferOutcome> ReadAsync(
        HttpResponseMessage response, MixedExpectation expected, ITransferSink sink, TimeSpan idle, Patience patience)
    {
        await using var body = await BodyReading.OpenAsync(response, patience.Token);
        var start = new byte[PeerCodec.MaxEnvelopeBytes];
        var (filled, media) = await ReadEnvelopeAsync(body, start, idle, patience);
        if (media < 0)
        {
            return new TransferOutcome(TransferResult.Malformed, "sent no PPSP envelope");
        }

        var envelope = PeerCodec.ReadResponse(start.AsMemory(0, media));
        if (Check(envelope, expected.TransactionId) is { } refusal)
        {
            return refusal;
        }

        var length = BodyReading.IsPacked(response) ? null : response.Content.Headers.ContentLength - media;
        if (length > expected.MaxBytes)
        {
            return new TransferOutcome(TransferResult.TooLarge, "announced more than any chunk may have");
        }

        if (!sink.Begin(new TransferHead(0, length, null, MayBeginWithLineBreak: true)))
        {
            return new TransferOutcome(TransferResult.Unwanted, "has other bytes than the source before it");
        }

        var rest = start.AsMemory(media, filled - media);
        return Pour(rest, sink)
            ? await BodyReading.CopyAsync(body, sink, expected.MaxBytes - rest.Length, idle, patience)
            : new TransferOutcome(TransferResult.Unwanted, "was no longer needed");
    }

    /// <summary>Null when the envelope says OK to our own request, else what is wrong.</summary>
    public static TransferOutcome? Check(Decoded<PeerResponse> envelope, TransactionId transactionId)
    {
        if (!envelope.TryGet(out var response, out var refusal))
        {
            return new TransferOutcome(TransferResult.Malformed, $"sent an envelope that cannot be read: {refusal.Reason}");
        }

        if (response.Code != ResponseCode.Ok)
        {
            // An error may leave the identifier out, but not carry another one.
            return response.TransactionId is { } other && other != transactionId ? AnotherTransaction : FromCode(response.Code);
        }

        return response.TransactionId == transactionId ? null : AnotherTransaction;
    }

    private static TransferOutcome AnotherTransaction { get; } =
        new(TransferResult.Malformed, "answered another request than ours (TransactionID)");

    /// <summary>What a response code other than OK means.</summary>
    private static TransferOutcome FromCode(ResponseCode code) => code switch
    {
        ResponseCode.ObjectNotFound => new(TransferResult.NotHeld, "has not got it"),
        ResponseCode.MessageForbidden or ResponseCode.AuthenticationRequired => new(TransferResult.Forbidden, "does not serve us"),
        ResponseCode.TemporarilyOverloaded => new(TransferResult.Overloaded, "is overloaded"),
        _ => new(TransferResult.Malformed, $"answered {code.WireText()}"),
    };

    private static async Task<(int Filled, int Media)> ReadEnvelopeAsync(Stream body, byte[] start, TimeSpan idle, Patience patience)
    {
        var filled = 0;
        while (filled < start.Length)
        {
            var read = await body.ReadAsync(start.AsMemory(filled), patience.Token);
            if (read == 0)
            {
                break;
            }

            patience.Progress(idle);
            var fresh = start.AsSpan(filled, read);
            filled += read;
            if (fresh.Contains((byte)'>') && PeerCodec.FindMediaStart(start.AsSpan(0, filled)) is >= 0 and var media)
            {
                return (filled, media);
            }
        }

        return (filled, -1);
    }

    private static bool Pour(ReadOnlyMemory<byte> bytes, ITransferSink sink)
    {
        while (!bytes.IsEmpty)
        {
            var room = sink.GetMemory();
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            bytes = bytes[count..];
            if (!sink.Advance(count))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>What a mixed answer must fit.</summary>
/// <param name="TransactionId">Our request's identifier.</param>
/// <param name="MaxBytes">Longest chunk that is taken.</param>
internal sealed record MixedExpectation(TransactionId TransactionId, long MaxBytes);
