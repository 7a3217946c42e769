using System.Security.Cryptography;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Store;

/// <summary>
/// The way of a new chunk of one stream into the store: checked and put into memory at once, written behind the caller's
/// back, promised once it is on disk.
/// </summary>
internal sealed class ChunkIntake(ChunkStore store, StreamChunks owner, HeldChunks held)
{
    private readonly HashSet<ChunkId> _beingWritten = [];

    internal Admission Admit(ChunkId chunk, ReadOnlyMemory<byte> content)
    {
        var layout = owner.Layout;
        if (!layout.Contains(chunk) || content.Length == 0 || content.Length > store.Options.MaxChunkBytes)
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
        return TryTake(entry, content) is { } denied
            ? Admission.Denied(denied)
            : new Admission(PutOutcome.Admitted, store.Writes.Start(() => KeepAsync(entry, content)) ?? GiveUp(entry));
    }

    /// <summary>Null when the chunk is in and must be written, else why it is not.</summary>
    private PutOutcome? TryTake(ChunkEntry entry, ReadOnlyMemory<byte> content)
    {
        lock (store.Gate)
        {
            if (owner.IsClosed)
            {
                return PutOutcome.Refused;
            }

            var isKnown = held.TryGet(entry.Chunk, out var known);
            if (known is { IsOnDisk: true } || !_beingWritten.Add(entry.Chunk))
            {
                return PutOutcome.AlreadyHeld;
            }

            if (isKnown)
            {
                store.Forget(known!);
            }

            if (store.Remember(entry, content, isKept: true))
            {
                held.Add(entry);
            }

            return null;
        }
    }

    private async Task<PutOutcome> KeepAsync(ChunkEntry entry, ReadOnlyMemory<byte> content)
    {
        var isWritten = false;
        try
        {
            isWritten = await store.TryWriteAsync(entry, content);
        }
        finally
        {
            Finish(entry, isWritten);
        }

        store.Announce();
        return entry.Owner is null ? PutOutcome.Refused : isWritten ? PutOutcome.Stored : PutOutcome.MemoryOnly;
    }

    /// <summary>The store is closing: the chunk stays in memory.</summary>
    private Task<PutOutcome> GiveUp(ChunkEntry entry)
    {
        Finish(entry, isWritten: false);
        return Task.FromResult(PutOutcome.MemoryOnly);
    }

    private void Finish(ChunkEntry entry, bool isWritten)
    {
        lock (store.Gate)
        {
            _beingWritten.Remove(entry.Chunk);
            if (isWritten)
            {
                store.Enter(entry);
            }

            if (owner.IsClosed || !ChunkFile.Fits(entry.Fingerprint, owner.Layout.HashOf(entry.Chunk)))
            {
                // The stream was closed, or promises other content, since the write began.
                store.Forget(entry);
                entry.Owner = null;
                return;
            }

            store.SetKeptInMemory(entry, isKept: false);
            if (isWritten && held.Add(entry))
            {
                store.NoteChange(owner);
            }
        }
    }
}
