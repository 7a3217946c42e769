using PeerAgent.Media.Streams;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Media.Store;

/// <summary>
/// All chunks on this machine: whole, verified ones on disk, the latest used also in memory. Written to a temporary file,
/// then renamed. Over its limit it evicts what was not used for longest.
/// </summary>
public sealed class ChunkStore : IAsyncDisposable
{
    /// <summary>Bytes of chunks on disk.</summary>
    public long DiskBytes => throw new NotImplementedException();

    /// <summary>Bytes of chunks in memory.</summary>
    public long MemoryBytes => throw new NotImplementedException();

    /// <summary>The chunks held of a stream: scanned from what is really on disk at the first call, the same object after that.</summary>
    public Task<StreamChunks> OpenAsync(StreamInfo stream, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Deletes every chunk of a swarm.</summary>
    public Task RemoveAsync(SwarmId swarmId, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
