namespace Ppsp.Protocol.Chunks;

/// <summary>What is held of one level, as it is reported: one map a contiguous range, none for nothing.</summary>
/// <param name="Level">The level.</param>
/// <param name="Segments">The maps of its ranges.</param>
public sealed record LevelMap(LevelId Level, IReadOnlyList<ChunkMap> Segments)
{
    /// <summary>True when the chunk is held.</summary>
    public bool Contains(long index)
    {
        // Asked many times for each chunk that is fetched: by place, for an enumerator of an interface lies in the heap.
        for (var i = 0; i < Segments.Count; i++)
        {
            if (Segments[i].Contains(index))
            {
                return true;
            }
        }

        return false;
    }
}
