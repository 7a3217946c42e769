using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// A chunk that is still arriving and that nobody can verify. One of these for each who waits; as long as one is not
/// disposed, the chunk goes on arriving.
/// </summary>
public sealed class ChunkArrival : IDisposable
{
    private readonly ChunkBuffer _buffer;
    private readonly Action _released;
    private int _disposed;

    internal ChunkArrival(ChunkBuffer buffer, string contentType, Action released)
    {
        _buffer = buffer;
        _released = released;
        ContentType = contentType;
    }

    /// <summary>Length of the whole chunk in bytes as its source announced it, or null.</summary>
    public long? Length => _buffer.Announced;

    /// <summary>Media type by the chunk's name.</summary>
    public string ContentType { get; }

    /// <summary>
    /// A forward-only stream from the first byte on; reads wait for what has not arrived yet, and throw
    /// <see cref="IOException"/> when the chunk breaks off and no other source can go on with it. May be called again.
    /// </summary>
    public Stream OpenRead() => new ArrivalStream(_buffer);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _released();
        }
    }
}
