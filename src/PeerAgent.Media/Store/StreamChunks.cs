using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Store;

/// <summary>What is held of one stream. Safe for concurrent use.</summary>
public sealed class StreamChunks
{
    /// <summary>The stream's layout; replaced when a live window moves.</summary>
    public ChunkLayout Layout => throw new NotImplementedException();

    /// <summary>Grows by one with every change of what is held.</summary>
    public long Version => throw new NotImplementedException();

    /// <summary>Number of chunks held.</summary>
    public int HeldCount => throw new NotImplementedException();

    /// <summary>Takes over a new window of a live stream (or the same manifest with other trackers).</summary>
    public void Update(StreamInfo stream) => throw new NotImplementedException();

    /// <summary>True when the chunk is held.</summary>
    public bool Contains(ChunkId chunk) => throw new NotImplementedException();

    /// <summary>Leases a chunk; null when it is not held. A chunk from an earlier run is checked at its first use; a damaged one is dropped and counts as not held.</summary>
    public ValueTask<StoredChunk?> OpenAsync(ChunkId chunk, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Keeps a whole chunk, after checking it against the manifest's hash where there is one.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="content">Its bytes; the store takes the array over and nobody changes it any more.</param>
    /// <param name="cancellationToken">Ends the wait; the chunk is then kept whole or not at all.</param>
    public ValueTask<PutOutcome> PutAsync(ChunkId chunk, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The ChunkMaps, one entry a level, each range of the manifest covered from end to end. A snapshot, made anew only when something changed.</summary>
    public IReadOnlyList<LevelMap> GetMaps() => throw new NotImplementedException();
}
