namespace PeerAgent.Swarm.Upload;

/// <summary>A response body that keeps to the upload rate, and counts what was really sent.</summary>
internal sealed class MeteredBody(Stream inner, UploadRate rate, Action<int> sent) : Stream
{
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
            var piece = bytes[..Math.Min(bytes.Length, rate.Piece)];
            await rate.TakeAsync(piece.Length, cancellationToken);
            await inner.WriteAsync(piece, cancellationToken);
            sent(piece.Length);
            bytes = bytes[piece.Length..];
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
