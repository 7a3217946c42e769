using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Sources;

/// <summary>What a peer is known to hold: its own ChunkMap, and what trackers said since. Safe for concurrent use.</summary>
internal sealed class PeerHoldings
{
    private const int MaxHints = 64;

    private readonly Lock _gate = new();
    private readonly Queue<ChunkId> _hints = new();
    private volatile Dictionary<LevelId, LevelMap>? _maps;
    private volatile int _count;
    private volatile bool _hasHints;

    /// <summary>True once the peer has told its map.</summary>
    public bool IsKnown => _maps is not null;

    /// <summary>Number of chunks in its map.</summary>
    public int Count => _count;

    /// <summary>True when the peer is known to hold the chunk.</summary>
    public bool Contains(ChunkId chunk)
    {
        if (_maps is { } maps && maps.TryGetValue(chunk.Level, out var map) && map.Contains(chunk.Index))
        {
            return true;
        }

        if (!_hasHints)
        {
            return false;
        }

        lock (_gate)
        {
            return _hints.Contains(chunk);
        }
    }

    /// <summary>The peer told its map; levels that the stream has not got are not kept.</summary>
    public void Replace(IReadOnlyList<LevelMap> maps, IReadOnlySet<LevelId> levels)
    {
        var kept = new Dictionary<LevelId, LevelMap>();
        foreach (var map in maps.Where(m => levels.Contains(m.Level)))
        {
            kept[map.Level] = kept.TryGetValue(map.Level, out var earlier)
                ? new LevelMap(map.Level, [.. earlier.Segments, .. map.Segments])
                : map;
        }

        _maps = kept;
        _count = kept.Values.Sum(level => level.Segments.Sum(map => map.Count));
        lock (_gate)
        {
            _hints.Clear();
            _hasHints = false;
        }
    }

    /// <summary>Somebody who should know says that the peer holds the chunk.</summary>
    public void Hint(ChunkId chunk)
    {
        lock (_gate)
        {
            if (_hints.Contains(chunk))
            {
                return;
            }

            if (_hints.Count == MaxHints)
            {
                _hints.Dequeue();
            }

            _hints.Enqueue(chunk);
            _hasHints = true;
        }
    }
}
