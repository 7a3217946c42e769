namespace PeerAgent.Swarm.Upload;

/// <summary>
/// A response body that keeps to the upload rate, counts what was really sent, and ends with
/// <see cref="UploadEndedException"/> when the rest is not to be sent. Nothing is copied here.
/// </summary>
internal sealed class MeteredBody(Stream inner, UploadClaim claim, UploadRate rate, TakingPace pace, Action<int> sent) : Stream
{
    private bool _begun;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        while (!bytes.IsEmpty)
        {
            var taking = rate.TakeAsync(claim, bytes.Length, cancellationToken);
            if (!taking.IsCompleted && !_begun)
            {
                // The peer learns at once that it is served, and how much there is.
                await inner.FlushAsync(cancellationToken);
            }

            _begun = true;
            var piece = await taking;
            if (piece == 0)
            {
                throw new UploadEndedException(UploadEnd.SwitchedOff);
            }

            await pace.WatchAsync(inner.WriteAsync(bytes[..piece], cancellationToken), piece);
            sent(piece);
            bytes = bytes[piece..];
        }
    }

    public override Task WriteAsync(byte[] bytes, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(bytes.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <summary>Not supported: nobody blocks a thread on a network.</summary>
    public override void Write(byte[] bytes, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    public override void Flush()
    {
    }

    public override int Read(byte[] bytes, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
