namespace PeerAgent.Media.Store;

/// <summary>
/// The chunks that may be evicted, in the order in which they go: first those of streams that nobody plays, the one not
/// used for longest first; then those of played streams by their distance from the players. Not safe by itself; the
/// store's lock guards it.
/// </summary>
/// <param name="nodeOf">The entry's node for this order.</param>
internal sealed class EvictionOrder(Func<ChunkEntry, LinkedListNode<ChunkEntry>> nodeOf)
{
    private readonly LinkedList<ChunkEntry> _idle = new();
    private readonly Dictionary<(StreamChunks Owner, string Clip, string Type), PlayedRow> _played = [];

    /// <summary>Bytes of all chunks in the order.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Puts a chunk in as the one used last.</summary>
    internal void Add(ChunkEntry entry)
    {
        Bytes += entry.Length;
        if (entry.Owner is not { Positions: not null } owner)
        {
            _idle.AddLast(nodeOf(entry));
        }
        else if (_played.TryGetValue(KeyOf(owner, entry), out var row))
        {
            row.Add(entry);
        }
        else
        {
            AddRow(KeyOf(owner, entry), [entry]);
        }
    }

    /// <summary>Takes a chunk out; false when it is not in.</summary>
    internal bool Remove(ChunkEntry entry)
    {
        var node = nodeOf(entry);
        if (node.List == _idle)
        {
            _idle.Remove(node);
        }
        else if (!RemoveFromRow(entry))
        {
            return false;
        }

        Bytes -= entry.Length;
        return true;
    }

    /// <summary>The chunk is used now.</summary>
    internal void Touch(ChunkEntry entry)
    {
        var node = nodeOf(entry);
        if (node.List == _idle && _idle.Last != node)
        {
            _idle.Remove(node);
            _idle.AddLast(node);
        }
    }

    /// <summary>The chunk that goes next, or null when there is none.</summary>
    internal ChunkEntry? Worst()
    {
        if (_idle.First is { } longestUnused)
        {
            return longestUnused.Value;
        }

        Evictable? worst = null;
        foreach (var row in _played.Values)
        {
            var found = row.Worst();
            worst = worst is { } known && !found.GoesBefore(known) ? known : found;
        }

        return worst?.Entry;
    }

    /// <summary>The stream is played from now on.</summary>
    /// <param name="owner">The stream; it has positions already.</param>
    /// <param name="entries">Its chunks; those that are not in the order stay out.</param>
    internal void StartPlay(StreamChunks owner, IEnumerable<ChunkEntry> entries)
    {
        var rows = new Dictionary<(StreamChunks, string, string), List<ChunkEntry>>();
        foreach (var entry in entries)
        {
            var node = nodeOf(entry);
            if (node.List != _idle)
            {
                continue;
            }

            _idle.Remove(node);
            var key = KeyOf(owner, entry);
            if (!rows.TryGetValue(key, out var row))
            {
                rows.Add(key, row = []);
            }

            row.Add(entry);
        }

        foreach (var (key, row) in rows)
        {
            AddRow(key, row);
        }
    }

    /// <summary>The stream is not played any more; its chunks count as used now.</summary>
    internal void StopPlay(StreamChunks owner)
    {
        foreach (var (key, row) in _played.Where(r => r.Key.Owner == owner).ToList())
        {
            _played.Remove(key);
            foreach (var entry in row.Entries)
            {
                _idle.AddLast(nodeOf(entry));
            }
        }
    }

    private static (StreamChunks Owner, string Clip, string Type) KeyOf(StreamChunks owner, ChunkEntry entry) =>
        (owner, entry.Chunk.Level.Clip, entry.Chunk.Level.Type);

    private void AddRow((StreamChunks Owner, string Clip, string Type) key, IEnumerable<ChunkEntry> entries) =>
        _played.Add(key, new PlayedRow(key.Owner, key.Clip, key.Type, entries));

    private bool RemoveFromRow(ChunkEntry entry)
    {
        if (entry.Owner is not { Positions: not null } owner
            || !_played.TryGetValue(KeyOf(owner, entry), out var row)
            || !row.Remove(entry))
        {
            return false;
        }

        if (row.Count == 0)
        {
            _played.Remove(KeyOf(owner, entry));
        }

        return true;
    }
}
