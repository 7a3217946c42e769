namespace PeerAgent.Media.Store;

/// <summary>The content of a chunk in memory; counted until it is neither cached nor held. Guarded by the store's lock, but for the content.</summary>
internal sealed class ChunkMemory(ReadOnlyMemory<byte> content)
{
    internal ReadOnlyMemory<byte> Content { get; } = content;

    /// <summary>The chunk whose cached content it is; null once it was dropped from the cache.</summary>
    internal ChunkEntry? Entry { get; set; }

    /// <summary>How many leases and writes need it; while there are any it cannot be evicted.</summary>
    internal int Holds { get; set; } = 1;
}
