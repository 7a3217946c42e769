using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;

namespace TestSupport.Links;

/// <summary>One direction of one connection: takes bytes in at the lane's rate, keeps them as long as they are on their way, gives them out.</summary>
internal sealed class LinkPipe(LinkLane lane, Func<LinkShape> shape, Func<Task> whole)
{
    /// <summary>Most pieces on their way; with the largest piece, 4 MiB.</summary>
    private const int MaxPieces = 64;

    private readonly Channel<(byte[] Bytes, int Count, TimeSpan There)> _underway =
        Channel.CreateBounded<(byte[], int, TimeSpan)>(MaxPieces);

    /// <summary>Carries until the sender has ended its side and the receiver has got everything.</summary>
    public async Task RunAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sides = new[] { TakeAsync(from, either.Token), GiveAsync(to, either.Token) };
        if ((await Task.WhenAny(sides)).IsFaulted)
        {
            await either.CancelAsync();
        }

        await Task.WhenAll(sides);
    }

    private async Task TakeAsync(Socket from, CancellationToken cancellationToken)
    {
        var last = TimeSpan.Zero;
        var sent = lane.Now;
        while (true)
        {
            if (whole() is { IsCompleted: false } broken)
            {
                await broken.WaitAsync(cancellationToken);
                sent = lane.Now;
            }

            var now = shape();
            var size = LinkLane.PieceBytes(now);
            var piece = ArrayPool<byte>.Shared.Rent(size);
            var receiving = from.ReceiveAsync(piece.AsMemory(0, size), cancellationToken);

            // What is here already has waited since the piece before it had left.
            var waited = receiving.IsCompleted ? sent : (TimeSpan?)null;
            var read = await receiving;
            if (read == 0)
            {
                _underway.Writer.Complete();
                return;
            }

            var (left, there) = lane.Send(read, waited ?? lane.Now, now);
            sent = left;
            last = there > last ? there : last;
            await _underway.Writer.WriteAsync((piece, read, last), cancellationToken);
            await lane.WaitAsync(left, cancellationToken);
        }
    }

    private async Task GiveAsync(Socket to, CancellationToken cancellationToken)
    {
        await foreach (var (piece, count, there) in _underway.Reader.ReadAllAsync(cancellationToken))
        {
            await lane.WaitAsync(there, cancellationToken);
            await whole().WaitAsync(cancellationToken);
            for (var sent = 0; sent < count;)
            {
                sent += await to.SendAsync(piece.AsMemory(sent, count - sent), cancellationToken);
            }

            ArrayPool<byte>.Shared.Return(piece);
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
