using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Http;

/// <summary>The body of an origin's answer, read no faster than the rate allows. The idle time-out stands still while we hold it up.</summary>
internal sealed class OriginBody(Stream inner, OriginRate rate, SwarmId stream, Patience patience, TimeSpan idle) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(destination[..Math.Min(destination.Length, rate.Piece)], cancellationToken);
        if (read > 0 && rate.IsLimited)
        {
            patience.Progress(Timeout.InfiniteTimeSpan);
            await rate.PayAsync(stream, read, cancellationToken);
            patience.Progress(idle);
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] destination, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(destination.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Not supported: nobody blocks a thread on a network.</summary>
    public override int Read(byte[] destination, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] source, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
