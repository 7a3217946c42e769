using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace ReferenceTracker.Http;

/// <summary>
/// An answer without a list: the codec's own bytes, written once a code, with this transaction's identifier put in. Nine of
/// ten answers are of this kind, and writing them through the codec costs as much as all the rest of a heartbeat.
/// </summary>
/// <param name="Frame">What stands before and behind the identifier.</param>
/// <param name="Transaction">The identifier, of letters that need no escaping.</param>
internal readonly record struct PlainAnswer((byte[] Head, byte[] Tail) Frame, string Transaction)
{
    private const string Placeholder = "IDENTIFIER";

    private static readonly SearchValues<char> Plain =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._:");

    private static readonly (byte[] Head, byte[] Tail)[] Frames = [.. Enum.GetValues<ResponseCode>().Select(Cut)];

    internal int Length => Frame.Head.Length + Transaction.Length + Frame.Tail.Length;

    /// <summary>False for answers that only the codec can write.</summary>
    internal static bool TryFind(TrackerResponse response, out PlainAnswer answer)
    {
        answer = default;
        if (response.Peers is not null || response.SwarmId is not null || response.TransactionId is not { } transaction
            || transaction.Value.AsSpan().ContainsAnyExcept(Plain))
        {
            return false;
        }

        answer = new PlainAnswer(Frames[(int)response.Code], transaction.Value);
        return true;
    }

    internal Task WriteAsync(PipeWriter writer)
    {
        var target = writer.GetSpan(Length);
        Frame.Head.CopyTo(target);
        Encoding.ASCII.GetBytes(Transaction, target[Frame.Head.Length..]);
        Frame.Tail.CopyTo(target[(Frame.Head.Length + Transaction.Length)..]);
        writer.Advance(Length);
        return writer.FlushAsync(CancellationToken.None).AsTask();
    }

    private static (byte[] Head, byte[] Tail) Cut(ResponseCode code)
    {
        TransactionId? transaction = TransactionId.TryParse(Placeholder, out var id) ? id : null;
        var bytes = TrackerCodec.WriteResponse(new TrackerResponse { Code = code, TransactionId = transaction });
        var at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Placeholder));
        return (bytes[..at], bytes[(at + Placeholder.Length)..]);
    }
}
