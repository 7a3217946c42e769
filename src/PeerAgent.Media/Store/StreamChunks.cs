using System.Globalization;
using System.Security.Cryptography;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Store;

/// <summary>What is held of one stream. Safe for concurrent use.</summary>
public sealed class StreamChunks
{
    private readonly ChunkStore _store;
    private readonly Dictionary<ChunkId, ChunkEntry> _entries = [];
    private readonly HashSet<ChunkId> _beingWritten = [];
    private HeldMaps _held;
    private ChunkLayout _layout;

    internal StreamChunks(ChunkStore store, StreamInfo stream)
    {
        _store = store;
        _layout = new ChunkLayout(stream);
        _held = new HeldMaps(_layout);
    }

    /// <summary>Raised after what is held has changed, on the thread that changed it; handlers return at once.</summary>
    public event Action? Changed;

    /// <summary>The stream's layout; replaced when a live window moves.</summary>
    public ChunkLayout Layout => Volatile.Read(ref _layout);

    /// <summary>True while nothing of the stream may be evicted.</summary>
    public bool IsPinned { get; set; }

    /// <summary>Grows with every change of what is held.</summary>
    public long Version
    {
        get
        {
            lock (_store.Gate)
            {
                return _held.Version;
            }
        }
    }

    /// <summary>Number of chunks held.</summary>
    public int HeldCount
    {
        get
        {
            lock (_store.Gate)
            {
                return _held.Count;
            }
        }
    }

    /// <summary>
    /// Takes over a new window of a live stream, or the same manifest with other trackers. A chunk whose content does not
    /// match what the new manifest promises is dropped.
    /// </summary>
    public void Update(StreamInfo stream)
    {
        lock (_store.Gate)
        {
            var layout = new ChunkLayout(stream);
            var version = _held.Version;
            Volatile.Write(ref _layout, layout);
            _held = new HeldMaps(layout) { Version = version + 1 };
            foreach (var entry in _entries.Values.ToList())
            {
                if (entry.Digest is not null && layout.HashOf(entry.Chunk) is { } hash && !hash.Span.SequenceEqual(entry.Digest))
                {
                    _store.Forget(entry);
                }
                else if (entry.IsOnDisk)
                {
                    _held.Add(entry.Chunk);
                }
            }
        }

        Changed?.Invoke();
    }

    /// <summary>True when the chunk is held, and will be when it is asked for a moment later.</summary>
    public bool Contains(ChunkId chunk)
    {
        lock (_store.Gate)
        {
            return _held.Contains(chunk);
        }
    }

    /// <summary>
    /// Leases a chunk; null when it is not held. A chunk from an earlier run is checked at its first use; a damaged one is
    /// dropped and counts as not held.
    /// </summary>
    public async ValueTask<StoredChunk?> OpenAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        ChunkEntry? entry;
        lock (_store.Gate)
        {
            if (!_entries.TryGetValue(chunk, out entry))
            {
                return null;
            }

            _store.Touch(entry);
            if (entry.Memory is { } memory)
            {
                return new StoredChunk(memory, entry.EntityTag);
            }
        }

        try
        {
            return entry.Digest is null || entry.Length <= _store.Options.MemoryBytes / 4
                ? await ReadWholeAsync(entry, cancellationToken)
                : new StoredChunk(OpenFile(entry.Path), entry.Length, entry.EntityTag);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Deleted by somebody, or unreadable: then it is not held.
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

        var path = Path.Combine(
            _store.Folder.LevelFolder(layout.Stream.SwarmId, chunk.Level),
            chunk.Index.ToString(CultureInfo.InvariantCulture) + StateFolder.ChunkEnding);
        var entry = new ChunkEntry(path, content.Length) { Owner = this, Chunk = chunk, Digest = digest };
        lock (_store.Gate)
        {
            if (_entries.TryGetValue(chunk, out var known) && known.IsOnDisk)
            {
                return PutOutcome.AlreadyHeld;
            }

            if (!_beingWritten.Add(chunk))
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
    public IReadOnlyList<LevelMap> GetMaps()
    {
        lock (_store.Gate)
        {
            return _held.Snapshot();
        }
    }

    /// <summary>Takes over the files of this stream that an earlier run left. Under the lock.</summary>
    internal void Claim(Dictionary<string, ChunkEntry> unclaimed)
    {
        foreach (var level in _layout.Levels.Select(l => l.Level).Distinct())
        {
            var folder = _store.Folder.LevelFolder(_layout.Stream.SwarmId, level);
            if (!Directory.Exists(folder))
            {
                continue;
            }

            foreach (var path in Directory.EnumerateFiles(folder, "*" + StateFolder.ChunkEnding))
            {
                if (unclaimed.Remove(path, out var entry))
                {
                    entry.Owner = this;
                    entry.Chunk = new ChunkId(level, long.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture));
                    _entries[entry.Chunk] = entry;
                    _held.Add(entry.Chunk);
                }
            }
        }
    }

    /// <summary>The chunk is gone. Under the lock.</summary>
    internal void Remove(ChunkEntry entry)
    {
        if (_entries.TryGetValue(entry.Chunk, out var known) && known == entry)
        {
            _entries.Remove(entry.Chunk);
            _held.Remove(entry.Chunk);
        }
    }

    private static FileStream OpenFile(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.Read | FileShare.Delete,
        Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        BufferSize = 0,
    });

    /// <summary>Reads a chunk into memory, checks it if that was not done in this run, and keeps it there if there is room.</summary>
    private async Task<StoredChunk?> ReadWholeAsync(ChunkEntry entry, CancellationToken cancellationToken)
    {
        byte[] content;
        await using (var file = OpenFile(entry.Path))
        {
            if (file.Length != entry.Length)
            {
                throw new IOException("The file's length has changed.");
            }

            content = new byte[entry.Length];
            await file.ReadExactlyAsync(content, cancellationToken);
        }

        var digest = entry.Digest ?? SHA256.HashData(content);
        if (entry.Digest is null && Layout.HashOf(entry.Chunk) is { } hash && !hash.Span.SequenceEqual(digest))
        {
            _store.Damaged(entry);
            Drop(entry);
            return null;
        }

        lock (_store.Gate)
        {
            entry.Digest = digest;
            if (_entries.ContainsKey(entry.Chunk))
            {
                _store.Remember(entry, content);
            }
        }

        return new StoredChunk(content, entry.EntityTag);
    }

    private void Drop(ChunkEntry entry)
    {
        lock (_store.Gate)
        {
            _store.Forget(entry);
        }

        Changed?.Invoke();
    }

    private async Task<PutOutcome> KeepAsync(ChunkEntry entry, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var onDisk = _store.TryReserveDisk(entry.Length) && await TryWriteAsync(entry, content, cancellationToken);
        lock (_store.Gate)
        {
            if (_entries.TryGetValue(entry.Chunk, out var older))
            {
                // Held in memory only until now.
                _store.Forget(older);
            }

            if (onDisk)
            {
                _store.Enter(entry);
                _entries[entry.Chunk] = entry;
                _held.Add(entry.Chunk);
            }

            if (_store.Remember(entry, content))
            {
                _entries[entry.Chunk] = entry;
            }
        }

        Changed?.Invoke();
        return onDisk ? PutOutcome.Stored : PutOutcome.MemoryOnly;
    }

    /// <summary>A temporary file, then a rename: under its name a chunk is whole or not there. False when the disk will not take it.</summary>
    private async Task<bool> TryWriteAsync(ChunkEntry entry, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var temporary = Path.ChangeExtension(entry.Path, StateFolder.TemporaryEnding);
        var written = false;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(entry.Path)!);
            await using (var file = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
            }))
            {
                await file.WriteAsync(content, cancellationToken);
            }

            File.Move(temporary, entry.Path, overwrite: true);
            written = true;
            _store.DiskFailed(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _store.DiskFailed(e.Message);
        }
        finally
        {
            if (!written)
            {
                _store.ReleaseDisk(entry.Length);
                TryDelete(temporary);
            }
        }

        return written;
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be deleted now is deleted at the next start, as every temporary file.
        }
    }
}
