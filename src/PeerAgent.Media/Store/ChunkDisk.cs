namespace PeerAgent.Media.Store;

/// <summary>
/// The bytes in the folder of chunks, files on their way there and notes included, held below a limit. Not safe by itself;
/// the store's lock guards it.
/// </summary>
/// <param name="limit">Most bytes.</param>
/// <param name="trouble">Deletes files.</param>
/// <param name="lost">Told of a chunk that was evicted.</param>
internal sealed class ChunkDisk(long limit, DiskTrouble trouble, Action<ChunkEntry> lost)
{
    private readonly EvictionOrder _order = new(static e => e.DiskNode);
    private readonly Dictionary<string, long> _undeleted = new(StringComparer.Ordinal);
    private long _chunks;
    private long _reserved;
    private long _notes;
    private long _undeletedBytes;

    /// <summary>Bytes of chunks, those being written included.</summary>
    internal long Bytes => _chunks + _reserved;

    private long Used => Bytes + _notes + _undeletedBytes;

    /// <summary>
    /// Promises room, evicting chunks if need be. False when it cannot be made; then nothing was evicted, unless a file
    /// could not be deleted.
    /// </summary>
    internal bool TryReserve(long length)
    {
        RetryDelete();
        if (!TryEvict(Used + length - limit))
        {
            return false;
        }

        _reserved += length;
        return true;
    }

    /// <summary>Evicts chunks of so many bytes or more. False when that cannot be done.</summary>
    internal bool TryEvict(long length)
    {
        if (length > _order.Bytes)
        {
            return false;
        }

        for (var left = length; left > 0;)
        {
            var entry = _order.Worst()!;
            if (!trouble.TryDelete(entry.Path))
            {
                return false;
            }

            left -= entry.Length;
            Uncount(entry);
            lost(entry);
        }

        return true;
    }

    /// <summary>Gives a promise back.</summary>
    internal void Release(long length) => _reserved -= length;

    /// <summary>The file is there: counts it; room that was promised for it must be released.</summary>
    internal void Enter(ChunkEntry entry)
    {
        // A file that could not be deleted has been replaced.
        ForgetUndeleted(entry.Path);
        entry.IsOnDisk = true;
        _chunks += entry.Length;
        if (entry.Owner is not { IsPinned: true })
        {
            _order.Add(entry);
        }
    }

    /// <summary>The chunk is used now.</summary>
    internal void Touch(ChunkEntry entry) => _order.Touch(entry);

    /// <summary>Says whether the chunk may be evicted from now on; it counts as used now.</summary>
    internal void SetKept(ChunkEntry entry, bool isKept)
    {
        if (entry.IsOnDisk)
        {
            _order.Remove(entry);
            if (!isKept)
            {
                _order.Add(entry);
            }
        }
    }

    /// <summary>Deletes the chunk's file, if it has one.</summary>
    internal void Delete(ChunkEntry entry)
    {
        if (!entry.IsOnDisk)
        {
            return;
        }

        Uncount(entry);
        if (!trouble.TryDelete(entry.Path))
        {
            ForgetUndeleted(entry.Path);
            _undeleted.Add(entry.Path, entry.Length);
            _undeletedBytes += entry.Length;
        }
    }

    /// <summary>Says which open stream the chunk belongs to, if any; it counts as used now.</summary>
    internal void Own(ChunkEntry entry, StreamChunks? owner)
    {
        _order.Remove(entry);
        entry.Owner = owner;
        if (entry.IsOnDisk && owner is not { IsPinned: true })
        {
            _order.Add(entry);
        }
    }

    /// <summary>Counts a note.</summary>
    internal void AddNote(long length) => _notes += length;

    /// <summary>The stream is played from now on.</summary>
    internal void StartPlay(StreamChunks owner, IReadOnlyCollection<ChunkEntry> entries) => _order.StartPlay(owner, entries);

    /// <summary>The stream is not played any more.</summary>
    internal void StopPlay(StreamChunks owner) => _order.StopPlay(owner);

    private void Uncount(ChunkEntry entry)
    {
        _order.Remove(entry);
        _chunks -= entry.Length;
        entry.IsOnDisk = false;
    }

    /// <summary>One file that could not be deleted is tried again.</summary>
    private void RetryDelete()
    {
        if (_undeleted.Count > 0 && _undeleted.Keys.First() is var path && trouble.TryDelete(path))
        {
            ForgetUndeleted(path);
        }
    }

    private void ForgetUndeleted(string path)
    {
        if (_undeleted.Remove(path, out var length))
        {
            _undeletedBytes -= length;
        }
    }
}
