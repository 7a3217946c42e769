using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Media.Store;

/// <summary>
/// All chunks on this machine: whole, verified ones on disk, the latest used also in memory. Written to a temporary file,
/// then renamed. Over its limit it evicts what will be missed least: streams that nobody plays, then what lies far from
/// the players. Safe for concurrent use.
/// </summary>
public sealed class ChunkStore : IAsyncDisposable
{
    private readonly Dictionary<SwarmId, StreamChunks> _streams = [];
    private readonly HashSet<StreamChunks> _changed = [];
    private readonly UnclaimedChunks _unclaimed;

    /// <summary>Counts what lies in the folder; leftovers of writes that were cut off are deleted.</summary>
    /// <exception cref="StoreUnavailableException">The folder cannot be read.</exception>
    public ChunkStore(StateFolder folder, IOptions<StoreOptions> options, ILogger<ChunkStore> log)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(options);
        Folder = folder;
        Options = options.Value;
        Trouble = new DiskTrouble(folder.Root, log);
        Memory = new MemoryBudget(SystemMemory.RoomIn(Options.MemoryBytes), Gate, RemoveFromOwner);
        Disk = new ChunkDisk(Options.MaxBytes, Trouble, Detach);
        Writer = new ChunkWriter(this);
        Files = new KeptFiles(this);
        _unclaimed = new UnclaimedChunks(Trouble);
        try
        {
            foreach (var entry in _unclaimed.Count(folder.ChunkRoot, Options.MaxChunkBytes))
            {
                Disk.Enter(entry);
            }

            Disk.AddNote(_unclaimed.CountNotes(folder.ChunkRoot));
            Files.CountAll();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"The chunks in {folder.Root} cannot be read ({e.Message.TrimEnd('.')}); set {StoreOptions.Section}:Path to a folder that can.");
        }

        // The limit may have been lowered since.
        Disk.TryReserve(0);
    }

    /// <summary>Bytes of chunks on disk, those being written included.</summary>
    public long DiskBytes
    {
        get
        {
            lock (Gate)
            {
                return Disk.Bytes;
            }
        }
    }

    /// <summary>Bytes in memory: chunks on their way in, being written, cached and leased.</summary>
    public long MemoryBytes => Memory.Bytes;

    /// <summary>The bytes that chunks may have in memory; transfers take from it too.</summary>
    public MemoryBudget Memory { get; }

    /// <summary>The one lock of the store and its streams; held for a few steps in memory and an unlink, never across a wait.</summary>
    internal Lock Gate { get; } = new();

    internal StateFolder Folder { get; }

    internal StoreOptions Options { get; }

    internal DiskTrouble Trouble { get; }

    /// <summary>The bytes on disk. Under the lock.</summary>
    internal ChunkDisk Disk { get; }

    internal ChunkWriter Writer { get; }

    /// <summary>The files beside the chunks.</summary>
    internal KeptFiles Files { get; }

    /// <summary>The writes that go on now.</summary>
    internal WriteQueue Writes { get; } = new();

    /// <summary>Waits for the writes that were begun, then lets go of what is cached; chunks that come later stay in memory.</summary>
    public async ValueTask DisposeAsync()
    {
        await Writes.DisposeAsync();
        lock (Gate)
        {
            Memory.Clear();
        }
    }

    /// <summary>The chunks held of a stream: taken from what is really on disk at the first call, the same object until <see cref="Close"/>.</summary>
    public StreamChunks Open(StreamInfo stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        lock (Gate)
        {
            if (!_streams.TryGetValue(stream.SwarmId, out var chunks))
            {
                chunks = new StreamChunks(this, stream) { IsNoted = File.Exists(Folder.SwarmNote(stream.SwarmId)) };
                _streams.Add(stream.SwarmId, chunks);
                chunks.Claim(_unclaimed);
            }

            return chunks;
        }
    }

    /// <summary>
    /// Lets go of what is known of a stream; its chunks stay on disk, unpinned, for the next <see cref="Open"/>, those that
    /// are being written too. The object handed out for it before holds nothing and takes nothing any more. No effect when
    /// the stream is not open.
    /// </summary>
    public void Close(SwarmId swarm)
    {
        StreamChunks? chunks;
        lock (Gate)
        {
            if (_streams.Remove(swarm, out chunks))
            {
                chunks.GiveBack(_unclaimed);
                _changed.Add(chunks);
            }
        }

        if (chunks is { IsPinned: true })
        {
            Trouble.Mark(Folder.PinMark(swarm), isSet: false);
        }

        Announce();
    }

    /// <summary>The file is there: counts it instead of the room promised for it. Under the lock.</summary>
    internal void Enter(ChunkEntry entry)
    {
        Disk.Release(entry.Length);
        Disk.Enter(entry);
        Memory.NoteCopy(entry);
    }

    /// <summary>The stream of a chunk on disk was closed: it goes to the same stream opened again, or waits for that. Under the lock.</summary>
    internal void Adopt(ChunkEntry entry, SwarmId swarm)
    {
        if (_streams.TryGetValue(swarm, out var next))
        {
            next.TakeOver(entry);
        }
        else
        {
            Disk.Own(entry, owner: null);
            Enter(entry);
            _unclaimed.Add(entry);
        }
    }

    /// <summary>The stream is played from now on. Under the lock.</summary>
    internal void StartPlay(StreamChunks owner, IReadOnlyCollection<ChunkEntry> entries)
    {
        Disk.StartPlay(owner, entries);
        Memory.StartPlay(owner, entries);
    }

    /// <summary>The stream is not played any more. Under the lock.</summary>
    internal void StopPlay(StreamChunks owner)
    {
        Disk.StopPlay(owner);
        Memory.StopPlay(owner);
    }

    /// <summary>Drops a chunk altogether, file and all; no effect on one that is gone. Under the lock.</summary>
    internal void Forget(ChunkEntry entry)
    {
        Disk.Delete(entry);
        Detach(entry);
    }

    /// <summary>The chunk belongs to no open stream any more; its file stays. Under the lock.</summary>
    internal void Disown(ChunkEntry entry)
    {
        Memory.Drop(entry);
        Disk.Own(entry, owner: null);
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

    /// <summary>The chunk's file is gone. Under the lock.</summary>
    private void Detach(ChunkEntry entry)
    {
        Memory.Drop(entry);
        RemoveFromOwner(entry);
        _unclaimed.Remove(entry);
    }

    private void RemoveFromOwner(ChunkEntry entry)
    {
        if (entry.Owner is { } owner && owner.Remove(entry))
        {
            _changed.Add(owner);
        }
    }
}
