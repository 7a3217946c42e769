using System.Security.Cryptography;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Store;

/// <summary>
/// The way of a new chunk of one stream into the store: checked and put into memory at once, written behind the caller's
/// back, promised once it is on disk.
/// </summary>
internal sealed class ChunkIntake(ChunkStore store, StreamChunks owner, HeldChunks held)
{
    private readonly Dictionary<ChunkId, string> _beingWritten = [];
    private readonly HashSet<ChunkEntry> _unwritten = [];

    internal Admission Admit(ChunkId chunk, ReadOnlyMemory<byte> content, long taken)
    {
        var layout = owner.Layout;
        if (!layout.Contains(chunk) || layout.MissingHashListOf(chunk) is not null || content.Length == 0 || content.Length > store.Options.MaxChunkBytes)
        {
            return Admission.Denied(PutOutcome.Refused);
        }

        var digest = SHA256.HashData(content.Span);
        if (layout.HashOf(chunk) is { } hash && !hash.Span.SequenceEqual(digest))
        {
            return Admission.Denied(PutOutcome.Damaged);
        }

        var fingerprint = ChunkFile.Fingerprint(digest);
        var path = Path.Combine(
            store.Folder.LevelFolder(layout.Stream.SwarmId, chunk.Level), ChunkFile.NameOf(chunk.Index, fingerprint));
        var entry = new ChunkEntry(path, content.Length, fingerprint) { Owner = owner, Chunk = chunk, IsVerified = true };

        // Held until it is written, whether there is room to cache it or not.
        var kept = ChunkBytes.Keep(content);
        if (TryTake(entry, kept, taken, out var memory) is { } denied)
        {
            ChunkBytes.Release(kept);
            return Admission.Denied(denied);
        }

        return new Admission(PutOutcome.Admitted, Write(entry, memory, kept));
    }

    /// <summary>The same stream was closed while a chunk was written that is on disk now; its room is still promised. Under the lock.</summary>
    internal void TakeOver(ChunkEntry entry)
    {
        var isKnown = held.TryGet(entry.Chunk, out var known);
        var path = _beingWritten.GetValueOrDefault(entry.Chunk) ?? (known is { IsOnDisk: true } ? known.Path : null);
        if (path == entry.Path)
        {
            store.Disk.Release(entry.Length);
            return;
        }

        if (!IsStillThere(entry))
        {
            return;
        }

        store.Enter(entry);
        if (path is not null || !ChunkFile.Fits(entry.Fingerprint, owner.Layout.HashOf(entry.Chunk)))
        {
            store.Forget(entry);
            return;
        }

        if (isKnown)
        {
            store.Forget(known!);
        }

        store.Disk.Own(entry, owner);
        Hold(entry);
    }

    /// <summary>The chunk is not held any more. Under the lock.</summary>
    internal void Lost(ChunkEntry entry) => _unwritten.Remove(entry);

    /// <summary>Null when the chunk is in and must be written, else why it is not.</summary>
    private PutOutcome? TryTake(ChunkEntry entry, ReadOnlyMemory<byte> content, long taken, out ChunkMemory? memory)
    {
        memory = null;
        lock (store.Gate)
        {
            if (owner.IsClosed)
            {
                return PutOutcome.Refused;
            }

            var isKnown = held.TryGet(entry.Chunk, out var known);
            if (known is { IsOnDisk: true } || !_beingWritten.TryAdd(entry.Chunk, entry.Path))
            {
                return PutOutcome.AlreadyHeld;
            }

            if (isKnown)
            {
                store.Forget(known!);
            }

            memory = store.Memory.TryCache(entry, content, taken);
            if (memory is not null)
            {
                held.Add(entry);
            }

            return null;
        }
    }

    /// <summary>Writes the chunk soon; the hold on its content is taken over.</summary>
    private Task<PutOutcome> Write(ChunkEntry entry, ChunkMemory? memory, ReadOnlyMemory<byte> content) =>
        store.Writes.Start(() => KeepAsync(entry, memory, content))
        ?? Task.FromResult(Finish(entry, memory, content, isWritten: false));

    private async Task<PutOutcome> KeepAsync(ChunkEntry entry, ChunkMemory? memory, ReadOnlyMemory<byte> content)
    {
        var isWritten = false;
        PutOutcome outcome;
        try
        {
            isWritten = await store.Writer.TryWriteAsync(entry, owner, content);
        }
        finally
        {
            outcome = Finish(entry, memory, content, isWritten);
        }

        store.Announce();
        if (isWritten && NextUnwritten() is { } next)
        {
            // The disk works again: one chunk after the other that only memory could take goes there too.
            _ = Write(next.Entry, next.Memory, next.Memory.Content);
        }

        return outcome;
    }

    private (ChunkEntry Entry, ChunkMemory Memory)? NextUnwritten()
    {
        lock (store.Gate)
        {
            if (_unwritten.FirstOrDefault() is not { } entry)
            {
                return null;
            }

            _unwritten.Remove(entry);
            if (owner.IsClosed || entry.Memory is not { } memory || !_beingWritten.TryAdd(entry.Chunk, entry.Path))
            {
                return null;
            }

            store.Memory.Hold(memory);
            ChunkBytes.Hold(memory.Content);
            return (entry, memory);
        }
    }

    private PutOutcome Finish(ChunkEntry entry, ChunkMemory? memory, ReadOnlyMemory<byte> content, bool isWritten)
    {
        ChunkBytes.Release(content);
        lock (store.Gate)
        {
            _beingWritten.Remove(entry.Chunk);
            var outcome = Settle(entry, isWritten && IsStillThere(entry));
            if (memory is not null)
            {
                store.Memory.Release(memory);
            }

            return outcome;
        }
    }

    private PutOutcome Settle(ChunkEntry entry, bool isWritten)
    {
        if (owner.IsClosed)
        {
            if (isWritten)
            {
                store.Adopt(entry, owner.Layout.Stream.SwarmId);
            }

            return isWritten ? PutOutcome.Stored : PutOutcome.Refused;
        }

        if (isWritten)
        {
            store.Enter(entry);
        }

        if (!ChunkFile.Fits(entry.Fingerprint, owner.Layout.HashOf(entry.Chunk)))
        {
            // The stream promises other content since the write began.
            store.Forget(entry);
            return PutOutcome.Refused;
        }

        if (isWritten)
        {
            Hold(entry);
        }

        else if (held.Has(entry))
        {
            _unwritten.Add(entry);
        }

        return isWritten ? PutOutcome.Stored : PutOutcome.MemoryOnly;
    }

    /// <summary>
    /// False when the file is gone again: the same chunk was written twice, for a stream that was closed and opened meanwhile, and
    /// the other one was evicted. The room promised for it is given back then. Under the lock.
    /// </summary>
    private bool IsStillThere(ChunkEntry entry)
    {
        var isThere = File.Exists(entry.Path);
        if (!isThere)
        {
            store.Disk.Release(entry.Length);
        }

        return isThere;
    }

    private void Hold(ChunkEntry entry)
    {
        if (held.Add(entry))
        {
            store.NoteChange(owner);
        }
    }
}
