namespace PeerAgent.Media.Store;

/// <summary>
/// The content of a chunk in memory; counted until it is neither cached nor held. Holds are added under the store's lock
/// and end without it.
/// </summary>
internal sealed class ChunkMemory
{
    private int _holds = 1;
    private volatile bool _isAside = true;

    internal ChunkMemory(ReadOnlyMemory<byte> content)
    {
        Content = content;
        ChunkBytes.Hold(content);
    }

    internal ReadOnlyMemory<byte> Content { get; }

    /// <summary>The chunk whose cached content it is; null once it was dropped from the cache. Under the lock.</summary>
    internal ChunkEntry? Entry { get; set; }

    /// <summary>
    /// True while it is in no order of eviction, or in no cache at any rate: then the end of the last hold must be settled.
    /// Changed under the lock.
    /// </summary>
    internal bool IsAside => _isAside;

    internal bool IsHeld => Volatile.Read(ref _holds) > 0;

    internal void Hold() => Interlocked.Increment(ref _holds);

    /// <summary>True when that was the last hold.</summary>
    internal bool Release() => Interlocked.Decrement(ref _holds) == 0;

    /// <summary>Puts it aside if it is held; false when it is not, and then the end of no hold will be settled. Under the lock.</summary>
    internal bool TrySetAside()
    {
        _isAside = true;

        // Whoever releases it from here on sees the mark; whoever did so before is seen here.
        Interlocked.MemoryBarrier();
        return _isAside = IsHeld;
    }

    /// <summary>Takes it back when its last hold has ended; false when there is nothing to settle. Under the lock.</summary>
    internal bool TrySettle()
    {
        if (!_isAside || IsHeld)
        {
            return false;
        }

        _isAside = false;
        return true;
    }

    /// <summary>It is neither cached nor held any more: the end of its own hold on the bytes. Once.</summary>
    internal void Free() => ChunkBytes.Release(Content);
}
