using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Store;

/// <summary>The bit maps behind a stream's chunks, range by range of its layout. Guarded by the store's lock.</summary>
internal sealed class HeldMaps
{
    private readonly Dictionary<LevelId, List<ChunkMapBuilder>> _maps = [];
    private readonly List<LevelId> _order = [];
    private IReadOnlyList<LevelMap>? _snapshot;

    internal HeldMaps(ChunkLayout layout)
    {
        foreach (var range in layout.Levels)
        {
            if (!_maps.TryGetValue(range.Level, out var maps))
            {
                _maps.Add(range.Level, maps = []);
                _order.Add(range.Level);
            }

            maps.Add(new ChunkMapBuilder(range.From, range.Count));
        }
    }

    /// <summary>Grows with every change.</summary>
    internal long Version { get; set; }

    /// <summary>How many chunks are held.</summary>
    internal int Count { get; private set; }

    internal bool Contains(ChunkId chunk) => Find(chunk)?.Contains(chunk.Index) ?? false;

    /// <summary>True when the chunk was not in before and is now.</summary>
    internal bool Add(ChunkId chunk) => Find(chunk) is { } map && map.Add(chunk.Index) && Changed(1);

    /// <summary>True when the chunk was in before and is not now.</summary>
    internal bool Remove(ChunkId chunk) => Find(chunk) is { } map && map.Remove(chunk.Index) && Changed(-1);

    internal IReadOnlyList<LevelMap> Snapshot() =>
        _snapshot ??= [.. _order.Select(level => new LevelMap(level, [.. _maps[level].Select(m => m.ToChunkMap())]))];

    private bool Changed(int by)
    {
        Count += by;
        Version++;
        _snapshot = null;
        return true;
    }

    private ChunkMapBuilder? Find(ChunkId chunk)
    {
        if (chunk.Level.Clip is null || !_maps.TryGetValue(chunk.Level, out var maps))
        {
            return null;
        }

        foreach (var map in maps)
        {
            if (chunk.Index >= map.From && chunk.Index < map.From + map.Length)
            {
                return map;
            }
        }

        return null;
    }
}
