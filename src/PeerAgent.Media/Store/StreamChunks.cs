using System.Security.Cryptography;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Store;

/// <summary>What is held of one stream. Safe for concurrent use.</summary>
public sealed class StreamChunks
{
    private readonly ChunkStore _store;
    private readonly HeldChunks _held;
    private readonly HashSet<ChunkId> _beingWritten = [];
    private ChunkLayout _layout;
    private IReadOnlyList<PlayPosition> _positions = [];
    private bool _isPinned;
    private bool _isClosed;

    internal StreamChunks(ChunkStore store, StreamInfo stream)
    {
        _store = store;
        _layout = new ChunkLayout(stream);
        _held = new HeldChunks(_layout);
    }

    /// <summary>
    /// Raised after what is held has changed, also when another stream's chunks took the room; on the thread that changed
    /// it; handlers return at once.
    /// </summary>
    public event Action? Changed;

    /// <summary>The stream's layout; replaced when a live window moves.</summary>
    public ChunkLayout Layout => Volatile.Read(ref _layout);

    /// <summary>True while nothing of the stream may be evicted.</summary>
    public bool IsPinned
    {
        get => Volatile.Read(ref _isPinned);
        set
        {
            lock (_store.Gate)
            {
                if (_isPinned == value || _isClosed)
                {
                    return;
                }

                _isPinned = value;
                foreach (var entry in _held.All)
                {
                    _store.SetKept(entry, value);
                }
            }
        }
    }

    /// <summary>Most bytes of chunks on disk, of all streams together.</summary>
    public long MaxBytes => _store.Options.MaxBytes;

    /// <summary>Tells where players are: what is far from all of them is evicted first.</summary>
    public void SetPositions(IReadOnlyList<PlayPosition> positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        _positions = positions;
    }

    /// <summary>Grows with every change of what is held.</summary>
    public long Version => Read(static maps => maps.Version);

    /// <summary>Number of chunks held.</summary>
    public int HeldCount => Read(static maps => maps.Count);

    /// <summary>
    /// Takes over a new window of a live stream, or the same manifest with other trackers. A chunk whose content does not
    /// match what the new manifest promises is dropped.
    /// </summary>
    public void Update(StreamInfo stream)
    {
        var layout = new ChunkLayout(stream);
        lock (_store.Gate)
        {
            Volatile.Write(ref _layout, layout);
            foreach (var entry in _held.All.Where(e => !ChunkFile.Fits(e.Fingerprint, layout.HashOf(e.Chunk))).ToList())
            {
                _store.Forget(entry);
            }

            _held.Redraw(layout);
            _store.NoteChange(this);
        }

        _store.Announce();
    }

    /// <summary>True when the chunk is held, and will be when it is asked for a moment later.</summary>
    public bool Contains(ChunkId chunk)
    {
        lock (_store.Gate)
        {
            return _held.Maps.Contains(chunk);
        }
    }

    /// <summary>
    /// Leases a chunk; null when it is not held. A chunk is checked whenever it is read into memory, and one from an earlier
    /// run at its first use; a damaged one is dropped and counts as not held.
    /// </summary>
    public async ValueTask<StoredChunk?> OpenAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        ChunkEntry? entry;
        bool isVerified;
        lock (_store.Gate)
        {
            if (!_held.TryGet(chunk, out entry))
            {
                return null;
            }

            _store.Touch(entry);
            if (entry.Memory is { } memory)
            {
                return new StoredChunk(memory, entry.EntityTag);
            }

            isVerified = entry.IsVerified;
        }

        try
        {
            return isVerified && entry.Length > _store.Options.MemoryBytes / 4
                ? new StoredChunk(ChunkFile.Open(entry.Path, entry.Length), entry.Length, entry.EntityTag)
                : await ReadWholeAsync(entry, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Evicted meanwhile, deleted by somebody, or unreadable: then it is not held.
            Drop(entry);
            return null;
        }
    }

    /// <summary>Keeps a whole chunk, after checking it against the manifest's hash where there is one.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="content">Its bytes; the store takes them over and nobody changes them any more.</param>
    /// <param name="cancellationToken">Ends the wait; the chunk is then kept whole or not at all.</param>
    public async ValueTask<PutOutcome> PutAsync(ChunkId chunk, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var layout = Layout;
        if (!layout.Contains(chunk) || content.Length == 0 || content.Length > _store.Options.MaxChunkBytes)
        {
            return PutOutcome.Refused;
        }

        var digest = SHA256.HashData(content.Span);
        if (layout.HashOf(chunk) is { } hash && !hash.Span.SequenceEqual(digest))
        {
            return PutOutcome.Damaged;
        }

        var fingerprint = ChunkFile.Fingerprint(digest);
        var path = Path.Combine(
            _store.Folder.LevelFolder(layout.Stream.SwarmId, chunk.Level), ChunkFile.NameOf(chunk.Index, fingerprint));
        var entry = new ChunkEntry(path, content.Length, fingerprint) { Owner = this, Chunk = chunk, IsVerified = true };
        lock (_store.Gate)
        {
            if (_isClosed)
            {
                return PutOutcome.Refused;
            }

            if ((_held.TryGet(chunk, out var known) && known.IsOnDisk) || !_beingWritten.Add(chunk))
            {
                return PutOutcome.AlreadyHeld;
            }
        }

        try
        {
            return await KeepAsync(entry, content, cancellationToken);
        }
        finally
        {
            lock (_store.Gate)
            {
                _beingWritten.Remove(chunk);
            }
        }
    }

    /// <summary>The ChunkMaps, one entry a level, each range of the manifest covered from end to end. A snapshot, made anew only when something changed.</summary>
    public IReadOnlyList<LevelMap> GetMaps() => Read(static maps => maps.Snapshot());

    internal void RaiseChanged() => Changed?.Invoke();

    /// <summary>Takes over what an earlier run left of this stream; what cannot be the manifest's content is dropped. Under the lock.</summary>
    internal void Claim(UnclaimedChunks unclaimed)
    {
        _held.Claim(unclaimed, this, _store.Folder).ForEach(_store.Forget);
    }

    /// <summary>Gives everything up; files stay. Under the lock.</summary>
    internal void GiveBack(UnclaimedChunks unclaimed)
    {
        foreach (var entry in _held.All)
        {
            _store.Disown(entry);
            if (entry.IsOnDisk)
            {
                unclaimed.Add(entry);
            }
        }

        _held.Clear();
        _isClosed = true;
    }

    /// <summary>The chunk is gone. True when that changes what is held. Under the lock.</summary>
    internal bool Remove(ChunkEntry entry) => _held.Remove(entry);

    private T Read<T>(Func<HeldMaps, T> read)
    {
        lock (_store.Gate)
        {
            return read(_held.Maps);
        }
    }

    /// <summary>Reads a chunk into memory, checks it (what was right when it was written may have been changed since), and keeps it there if there is room.</summary>
    private async Task<StoredChunk?> ReadWholeAsync(ChunkEntry entry, CancellationToken cancellationToken)
    {
        var content = await ChunkFile.ReadAsync(entry.Path, entry.Length, cancellationToken);
        var digest = SHA256.HashData(content);
        var isPromised = Layout.HashOf(entry.Chunk) is not { } hash || hash.Span.SequenceEqual(digest);
        if (!isPromised || ChunkFile.Fingerprint(digest) != entry.Fingerprint)
        {
            _store.Trouble.Damaged(entry);
            Drop(entry);
            return null;
        }

        lock (_store.Gate)
        {
            entry.IsVerified = true;
            if (_held.Has(entry))
            {
                _store.Remember(entry, content);
            }
        }

        _store.Announce();
        return new StoredChunk(content, entry.EntityTag);
    }

    private void Drop(ChunkEntry entry)
    {
        lock (_store.Gate)
        {
            _store.Forget(entry);
        }

        _store.Announce();
    }

    private async Task<PutOutcome> KeepAsync(ChunkEntry entry, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var isWritten = await _store.TryWriteAsync(entry, content, cancellationToken);
        var outcome = isWritten ? PutOutcome.Stored : PutOutcome.MemoryOnly;
        lock (_store.Gate)
        {
            if (isWritten)
            {
                _store.Enter(entry);
            }

            if (_isClosed || !ChunkFile.Fits(entry.Fingerprint, Layout.HashOf(entry.Chunk)))
            {
                // The stream was closed, or promises other content, since the write began.
                _store.Forget(entry);
                outcome = PutOutcome.Refused;
            }
            else
            {
                Take(entry, content);
            }
        }

        _store.Announce();
        return outcome;
    }

    /// <summary>Puts a chunk in the place of one that only memory held. Under the lock.</summary>
    private void Take(ChunkEntry entry, ReadOnlyMemory<byte> content)
    {
        if (_held.TryGet(entry.Chunk, out var older))
        {
            _store.Forget(older);
        }

        if ((_store.Remember(entry, content) || entry.IsOnDisk) && _held.Add(entry))
        {
            _store.NoteChange(this);
        }
    }
}
