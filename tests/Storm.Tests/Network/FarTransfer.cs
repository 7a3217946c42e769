using System.Text;
using PeerAgent.Swarm.Transfer;
using Storm.Tests.Films;

namespace Storm.Tests.Network;

/// <summary>One answer of a made-up peer to a request for a chunk, good or bad.</summary>
internal sealed class FarTransfer(FarPeer peer, OpenRequest request, ChunkWanted wanted, TimeProvider time, FetchOptions options)
{
    private const int SmallPiece = 1200;
    private const int Pieces = 30;
    private static readonly byte[] Page = Encoding.UTF8.GetBytes("<!DOCTYPE html><html><body>Sorry.</body></html>");

    /// <summary>Sends it as the peer's conduct says.</summary>
    /// <param name="sink">Takes the bytes.</param>
    /// <param name="share">How many requests share the peer's line.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    public async Task<TransferOutcome> SendAsync(ITransferSink sink, int share, CancellationToken cancellationToken)
    {
        var film = FarNetwork.FilmOf(wanted.SwarmId);
        var conduct = peer.Conduct;
        if (conduct == Conduct.Gone)
        {
            await Task.Delay(peer.Dice.Next(2) == 0 ? peer.Latency : options.ConnectTimeout, time, cancellationToken);
            return new TransferOutcome(TransferResult.Unreachable, "could not be reached");
        }

        await Task.Delay(peer.Latency, time, cancellationToken);
        if (Refusal(conduct, film) is { } refusal)
        {
            return refusal;
        }

        var content = conduct switch
        {
            Conduct.SendsPage => Page,
            Conduct.CutsShort => film.BytesOf(wanted.Chunk)[..peer.Dice.Next(0, 189)],
            Conduct.Lies => peer.LieOf(film, wanted.Chunk),
            _ => film.BytesOf(wanted.Chunk),
        };
        request.IsLie = conduct is Conduct.Lies or Conduct.SendsPage or Conduct.CutsShort;
        request.Length = content.Length;
        return await SendAsync(sink, content, conduct, share, cancellationToken);
    }

    private TransferOutcome? Refusal(Conduct conduct, Film film) => conduct switch
    {
        Conduct.Busy => new TransferOutcome(
            TransferResult.Overloaded, "has too much to do", peer.Dice.Next(2) == 0 ? null : TimeSpan.FromSeconds(peer.Dice.Next(1, 8))),
        Conduct.Forbids => new TransferOutcome(TransferResult.Forbidden, "does not serve us"),
        _ when !peer.Holds(film, wanted.Chunk) => new TransferOutcome(TransferResult.NotHeld, "has not got it"),
        _ => null,
    };

    private async Task<TransferOutcome> SendAsync(
        ITransferSink sink, byte[] content, Conduct conduct, int share, CancellationToken cancellationToken)
    {
        var offset = peer.SendsFromOffset && wanted.Offset < content.Length ? (int)wanted.Offset : 0;
        var tag = peer.TellsTag ? $"\"{(request.IsLie ? peer.Number : 0)}-{wanted.Chunk}\"" : null;
        if (!sink.Begin(new TransferHead(offset, peer.TellsLength ? content.Length : null, tag, peer.Number % 3 == 0)))
        {
            return new TransferOutcome(TransferResult.Unwanted, "was not wanted");
        }

        var end = (int)Math.Min(content.Length, wanted.End ?? long.MaxValue);
        var breakAt = conduct is Conduct.Stalls or Conduct.BreaksOff ? peer.Dice.Next(offset, Math.Max(end, offset + 1)) : end;
        var rate = (conduct == Conduct.Crawls ? 400.0 : peer.BytesPerSecond) / Math.Max(1, share);
        for (var at = offset; at < breakAt;)
        {
            var memory = sink.GetMemory();
            var count = Math.Min(Math.Min(Math.Max(SmallPiece, content.Length / Pieces), memory.Length), breakAt - at);
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(count * 1000 / rate)), time, cancellationToken);
            content.AsSpan(at, count).CopyTo(memory.Span);
            at += count;
            request.Sent = Math.Max(request.Sent, at);
            request.IsWhole = wanted.End is null && offset == 0 && at == content.Length;
            if (!sink.Advance(count))
            {
                return new TransferOutcome(TransferResult.Unwanted, "was not wanted any more");
            }
        }

        if (breakAt == end)
        {
            return TransferOutcome.Done;
        }

        return conduct == Conduct.BreaksOff ? new TransferOutcome(TransferResult.BrokenOff, "broke off") : await StallAsync(cancellationToken);
    }

    private async Task<TransferOutcome> StallAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(options.IdleTimeout, time, cancellationToken);
        return new TransferOutcome(TransferResult.TooSlow, "fell silent");
    }
}
