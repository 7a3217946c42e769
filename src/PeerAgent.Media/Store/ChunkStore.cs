using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Media.Store;

/// <summary>
/// All chunks on this machine: whole, verified ones on disk, the latest used also in memory. Written to a temporary file,
/// then renamed. Over its limit it evicts what was not used for longest. Safe for concurrent use.
/// </summary>
public sealed class ChunkStore
{
    private readonly Dictionary<SwarmId, StreamChunks> _streams = [];
    private readonly Dictionary<string, ChunkEntry> _unclaimed = new(StringComparer.Ordinal);
    private readonly UseOrder _disk;
    private readonly UseOrder _memory;
    private readonly ILogger _log;
    private bool _diskFailed;

    /// <summary>Counts what lies in the folder; leftovers of writes that were cut off are deleted.</summary>
    /// <exception cref="StoreUnavailableException">The folder cannot be read.</exception>
    public ChunkStore(StateFolder folder, IOptions<StoreOptions> options, ILogger<ChunkStore> log)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(options);
        Folder = folder;
        Options = options.Value;
        _log = log;
        _disk = new UseOrder(Options.MaxBytes, e => e.DiskNode);
        _memory = new UseOrder(Options.MemoryBytes, e => e.MemoryNode);
        try
        {
            CountWhatIsThere();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"The chunks in {folder.Root} cannot be read ({e.Message.TrimEnd('.')}); set {StoreOptions.Section}:Path to a folder that can.");
        }
    }

    /// <summary>Bytes of chunks on disk, those being written included.</summary>
    public long DiskBytes
    {
        get
        {
            lock (Gate)
            {
                return _disk.Bytes;
            }
        }
    }

    /// <summary>Bytes of chunks in memory.</summary>
    public long MemoryBytes
    {
        get
        {
            lock (Gate)
            {
                return _memory.Bytes;
            }
        }
    }

    /// <summary>The one lock of the store and its streams; held for a few steps in memory and an unlink, never across a wait.</summary>
    internal Lock Gate { get; } = new();

    internal StateFolder Folder { get; }

    internal StoreOptions Options { get; }

    /// <summary>The chunks held of a stream: taken from what is really on disk at the first call, the same object after that.</summary>
    public StreamChunks Open(StreamInfo stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        lock (Gate)
        {
            if (!_streams.TryGetValue(stream.SwarmId, out var chunks))
            {
                chunks = new StreamChunks(this, stream);
                _streams.Add(stream.SwarmId, chunks);
                chunks.Claim(_unclaimed);
            }

            return chunks;
        }
    }

    /// <summary>Promises room for a file, evicting if need be. False when there is no room that may be taken.</summary>
    internal bool TryReserveDisk(long length)
    {
        lock (Gate)
        {
            return _disk.TryReserve(length, e => e.Owner is not { IsPinned: true }, Forget);
        }
    }

    /// <summary>The file was not kept; its room is free again.</summary>
    internal void ReleaseDisk(long length)
    {
        lock (Gate)
        {
            _disk.Release(length);
        }
    }

    /// <summary>The file is there: counts it instead of the room promised for it. Under the lock.</summary>
    internal void Enter(ChunkEntry entry)
    {
        _disk.Release(entry.Length);
        _disk.Add(entry);
        entry.IsOnDisk = true;
    }

    /// <summary>The chunk is used now. Under the lock.</summary>
    internal void Touch(ChunkEntry entry)
    {
        _disk.Touch(entry);
        _memory.Touch(entry);
    }

    /// <summary>Keeps the content in memory too, if there is room; false when there is not. Under the lock.</summary>
    internal bool Remember(ChunkEntry entry, ReadOnlyMemory<byte> content)
    {
        if (entry.Memory is not null)
        {
            return true;
        }

        if (!_memory.TryReserve(entry.Length, _ => true, DropFromMemory))
        {
            return false;
        }

        _memory.Release(entry.Length);
        _memory.Add(entry);
        entry.Memory = content;
        return true;
    }

    /// <summary>Drops a chunk altogether, file and all. Under the lock.</summary>
    internal void Forget(ChunkEntry entry)
    {
        _memory.Remove(entry);
        _disk.Remove(entry);
        entry.Memory = null;
        entry.Owner?.Remove(entry);
        _unclaimed.Remove(entry.Path);
        if (entry.IsOnDisk)
        {
            Delete(entry.Path);
        }
    }

    /// <summary>Says once that the disk cannot take chunks, and once that it can again.</summary>
    internal void DiskFailed(string? reason)
    {
        if (_diskFailed == reason is not null)
        {
            return;
        }

        _diskFailed = reason is not null;
        if (reason is null)
        {
            MediaLog.DiskWorksAgain(_log, Folder.Root);
        }
        else
        {
            MediaLog.DiskFailed(_log, Folder.Root, reason);
        }
    }

    internal void Damaged(ChunkEntry entry) => MediaLog.DamagedOnDisk(_log, entry.Chunk.ToString(), entry.Path);

    /// <summary>A chunk that only memory held is gone with it. Under the lock.</summary>
    private void DropFromMemory(ChunkEntry entry)
    {
        _memory.Remove(entry);
        entry.Memory = null;
        if (!entry.IsOnDisk)
        {
            entry.Owner?.Remove(entry);
        }
    }

    private void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            MediaLog.CannotDelete(_log, path, e.Message);
        }
    }

    private void CountWhatIsThere()
    {
        var files = new DirectoryInfo(Folder.ChunkRoot).EnumerateFiles("*", SearchOption.AllDirectories);
        var found = new List<(FileInfo File, DateTime Written)>();
        foreach (var file in files)
        {
            if (file.Extension == StateFolder.TemporaryEnding || (file.Extension == StateFolder.ChunkEnding && file.Length == 0))
            {
                Delete(file.FullName);
            }
            else if (file.Extension == StateFolder.ChunkEnding && IsNumber(Path.GetFileNameWithoutExtension(file.Name)))
            {
                found.Add((file, file.LastWriteTimeUtc));
            }
        }

        foreach (var (file, _) in found.OrderBy(f => f.Written))
        {
            var entry = new ChunkEntry(file.FullName, file.Length) { IsOnDisk = true };
            _disk.Add(entry);
            _unclaimed.Add(entry.Path, entry);
        }

        // The limit may have been lowered since.
        if (_disk.TryReserve(0, _ => true, Forget))
        {
            _disk.Release(0);
        }
    }

    private static bool IsNumber(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
