using System.IO.Pipelines;

namespace Storm.Tests.Network;

/// <summary>One end of a made-up connection: bytes go through memory, no socket is there. Disposing it breaks the connection.</summary>
internal sealed class FarConnection : Stream
{
    private readonly PipeReader _from;
    private readonly PipeWriter _to;
    private readonly Stream _reading;
    private readonly CancellationTokenSource _broken;

    private FarConnection(PipeReader from, PipeWriter to, CancellationTokenSource broken)
    {
        _from = from;
        _to = to;
        _reading = from.AsStream(leaveOpen: true);
        _broken = broken;
    }

    /// <summary>Ends when either end is disposed.</summary>
    public CancellationToken Broken => _broken.Token;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The two ends of a new connection.</summary>
    public static (FarConnection Near, FarConnection Far) Make()
    {
        var options = new PipeOptions(useSynchronizationContext: false);
        var (there, back) = (new Pipe(options), new Pipe(options));
        var broken = new CancellationTokenSource();
        return (new FarConnection(back.Reader, there.Writer, broken), new FarConnection(there.Reader, back.Writer, broken));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _reading.ReadAsync(buffer, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if ((await _to.WriteAsync(buffer, cancellationToken)).IsCompleted)
        {
            throw new IOException("The other end has gone.");
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // The other end reads to the end of what is under way, or finds that nobody takes what it sends.
            _to.Complete();
            _from.CancelPendingRead();
            _broken.Cancel();
        }

        base.Dispose(disposing);
    }
}
