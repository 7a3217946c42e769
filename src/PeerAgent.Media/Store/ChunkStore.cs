using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Media.Store;

/// <summary>
/// All chunks on this machine: whole, verified ones on disk, the latest used also in memory. Written to a temporary file,
/// then renamed. Over its limit it evicts what was not used for longest. Safe for concurrent use.
/// </summary>
public sealed class ChunkStore : IAsyncDisposable
{
    private readonly Dictionary<SwarmId, StreamChunks> _streams = [];
    private readonly HashSet<StreamChunks> _changed = [];
    private readonly UnclaimedChunks _unclaimed;
    private readonly UseOrder _disk;
    private readonly UseOrder _memory;

    /// <summary>Counts what lies in the folder; leftovers of writes that were cut off are deleted.</summary>
    /// <exception cref="StoreUnavailableException">The folder cannot be read.</exception>
    public ChunkStore(StateFolder folder, IOptions<StoreOptions> options, ILogger<ChunkStore> log)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(options);
        Folder = folder;
        Options = options.Value;
        Trouble = new DiskTrouble(folder.Root, log);
        _disk = new UseOrder(Options.MaxBytes, e => e.DiskNode);
        _memory = new UseOrder(Options.MemoryBytes, e => e.MemoryNode);
        _unclaimed = new UnclaimedChunks(Trouble.Delete);
        try
        {
            foreach (var entry in _unclaimed.Count(folder.ChunkRoot, Options.MaxChunkBytes))
            {
                _disk.Add(entry, isKept: false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"The chunks in {folder.Root} cannot be read ({e.Message.TrimEnd('.')}); set {StoreOptions.Section}:Path to a folder that can.");
        }

        // The limit may have been lowered since.
        _disk.TryReserve(0, Forget);
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

    internal DiskTrouble Trouble { get; }

    /// <summary>The writes that go on now.</summary>
    internal WriteQueue Writes { get; } = new();

    /// <summary>Waits for the writes that were begun; chunks that come later stay in memory.</summary>
    public ValueTask DisposeAsync() => Writes.DisposeAsync();

    /// <summary>The chunks held of a stream: taken from what is really on disk at the first call, the same object until <see cref="Close"/>.</summary>
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

    /// <summary>
    /// Lets go of what is known of a stream; its chunks stay on disk, unpinned, for the next <see cref="Open"/>. The object
    /// handed out for it before holds nothing and takes nothing any more. No effect when the stream is not open.
    /// </summary>
    public void Close(SwarmId swarm)
    {
        lock (Gate)
        {
            if (_streams.Remove(swarm, out var chunks))
            {
                chunks.GiveBack(_unclaimed);
                _changed.Add(chunks);
            }
        }

        Announce();
    }

    /// <summary>
    /// Writes a chunk's file where room can be made for it; the room stays promised until <see cref="Enter"/>. False when
    /// there is no room or the disk does not take it; then no room is promised any more.
    /// </summary>
    internal async Task<bool> TryWriteAsync(ChunkEntry entry, ReadOnlyMemory<byte> content)
    {
        if (!TryReserve(entry.Length))
        {
            return false;
        }

        var isWritten = false;
        try
        {
            var failure = await WriteFileAsync(entry, content);
            isWritten = failure is null;
            Trouble.Written(failure);
            return isWritten;
        }
        finally
        {
            if (!isWritten)
            {
                lock (Gate)
                {
                    _disk.Release(entry.Length);
                }
            }
        }
    }

    /// <summary>The file is there: counts it instead of the room promised for it. Under the lock.</summary>
    internal void Enter(ChunkEntry entry)
    {
        _disk.Release(entry.Length);
        _disk.Add(entry, entry.Owner is { IsPinned: true });
        entry.IsOnDisk = true;
    }

    /// <summary>The chunk is used now. Under the lock.</summary>
    internal void Touch(ChunkEntry entry)
    {
        _disk.Touch(entry);
        _memory.Touch(entry);
    }

    /// <summary>Says whether the chunk may be evicted from now on. Under the lock.</summary>
    internal void SetKept(ChunkEntry entry, bool isKept) => _disk.SetKept(entry, isKept);

    /// <summary>Says whether the chunk's memory may be given to another from now on. Under the lock.</summary>
    internal void SetKeptInMemory(ChunkEntry entry, bool isKept) => _memory.SetKept(entry, isKept);

    /// <summary>Keeps the content in memory too, if there is room; false when there is not. Under the lock.</summary>
    internal bool Remember(ChunkEntry entry, ReadOnlyMemory<byte> content, bool isKept)
    {
        if (entry.Memory is not null)
        {
            return true;
        }

        if (!_memory.TryReserve(entry.Length, DropFromMemory))
        {
            return false;
        }

        _memory.Release(entry.Length);
        _memory.Add(entry, isKept);
        entry.Memory = content;
        return true;
    }

    /// <summary>Drops a chunk altogether, file and all; no effect on one that is gone. Under the lock.</summary>
    internal void Forget(ChunkEntry entry)
    {
        _memory.Remove(entry);
        _disk.Remove(entry);
        entry.Memory = null;
        RemoveFromOwner(entry);
        _unclaimed.Remove(entry);
        if (entry.IsOnDisk)
        {
            // Its path may be in use again when it is forgotten once more.
            entry.IsOnDisk = false;
            Trouble.Delete(entry.Path);
        }
    }

    /// <summary>The chunk belongs to no open stream any more; its file stays. Under the lock.</summary>
    internal void Disown(ChunkEntry entry)
    {
        _memory.Remove(entry);
        _disk.SetKept(entry, isKept: false);
        entry.Memory = null;
        entry.Owner = null;
    }

    /// <summary>What the stream holds has changed; it is told by <see cref="Announce"/>. Under the lock.</summary>
    internal void NoteChange(StreamChunks chunks) => _changed.Add(chunks);

    /// <summary>Tells the streams whose chunks have changed. Not under the lock.</summary>
    internal void Announce()
    {
        StreamChunks[] changed;
        lock (Gate)
        {
            if (_changed.Count == 0)
            {
                return;
            }

            changed = [.. _changed];
            _changed.Clear();
        }

        foreach (var chunks in changed)
        {
            chunks.RaiseChanged();
        }
    }

    /// <summary>A chunk that only memory held is gone with it. Under the lock.</summary>
    private void DropFromMemory(ChunkEntry entry)
    {
        _memory.Remove(entry);
        entry.Memory = null;
        if (!entry.IsOnDisk)
        {
            RemoveFromOwner(entry);
        }
    }

    private void RemoveFromOwner(ChunkEntry entry)
    {
        if (entry.Owner is { } owner && owner.Remove(entry))
        {
            _changed.Add(owner);
        }
    }

    /// <summary>Null, or why the disk did not take it. The swarm's id goes beside its first chunk, for people who look there.</summary>
    private async Task<string?> WriteFileAsync(ChunkEntry entry, ReadOnlyMemory<byte> content)
    {
        var swarm = entry.Owner!.Layout.Stream.SwarmId;
        var failure = await WholeFile.WriteAsync(entry.Path, content, CancellationToken.None);
        var note = Folder.SwarmNote(swarm);
        if (failure is null && !File.Exists(note))
        {
            _ = await WholeFile.WriteAsync(note, Encoding.UTF8.GetBytes(swarm.Value + "\n"), CancellationToken.None);
        }

        return failure;
    }

    private bool TryReserve(long length)
    {
        bool isReserved;
        lock (Gate)
        {
            isReserved = _disk.TryReserve(length, Forget);
        }

        Announce();
        if (!isReserved)
        {
            Trouble.Full(length, Options.MaxBytes);
        }

        return isReserved;
    }
}
