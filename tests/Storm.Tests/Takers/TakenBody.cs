namespace Storm.Tests.Takers;

/// <summary>What comes to a taker, at the pace at which it takes.</summary>
/// <param name="plan">How it takes.</param>
/// <param name="time">The run's clock.</param>
/// <param name="leave">Breaks the connection.</param>
/// <param name="gone">Ends when the connection is broken.</param>
internal sealed class TakenBody(TakingPlan plan, TimeProvider time, Action leave, CancellationToken gone) : Stream
{
    private readonly MemoryStream _taken = new();

    /// <summary>All that was taken.</summary>
    public byte[] Taken => _taken.ToArray();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_taken.Length >= plan.StopsAfter)
        {
            await StopAsync();
        }

        await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(buffer.Length * 1000.0 / plan.BytesPerSecond)), time, gone);
        _taken.Write(buffer.Span);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async Task StopAsync()
    {
        if (plan.Leaves)
        {
            leave();
            throw new IOException("The taker has gone.");
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, time, gone);
    }
}
