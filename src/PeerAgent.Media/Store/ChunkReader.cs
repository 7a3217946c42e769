using System.Buffers;
using System.Security.Cryptography;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Store;

/// <summary>
/// Leases the chunks of one stream: from memory, where every chunk read from disk is checked, or from a file that is checked
/// at its first use in this run.
/// </summary>
internal sealed class ChunkReader(ChunkStore store, StreamChunks owner, HeldChunks held)
{
    private const int CheckedAtATime = 128 << 10;

    internal async ValueTask<StoredChunk?> OpenAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        ChunkEntry? entry;
        bool isVerified;
        bool isTaken;
        lock (store.Gate)
        {
            if (!held.TryGet(chunk, out entry))
            {
                return null;
            }

            store.Disk.Touch(entry);
            if (entry.Memory is { } memory)
            {
                store.Memory.Hold(memory);
                return new StoredChunk(memory, store.Memory, entry.EntityTag);
            }

            isVerified = entry.IsVerified;
            isTaken = entry.Length <= store.Memory.Limit / 4 && store.Memory.TryTakeUnderLock(entry.Length);
        }

        try
        {
            return isTaken
                ? await ReadWholeAsync(entry, cancellationToken)
                : await OpenFileAsync(entry, isVerified, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!IsPassing(e))
            {
                // Evicted meanwhile, deleted by somebody, or unreadable: then it is not held.
                Drop(entry);
            }

            return null;
        }
    }

    /// <summary>True for want of file handles: that says nothing of the file.</summary>
    private static bool IsPassing(Exception e)
    {
        const int TooManyInProcess = 24;
        const int TooManyInSystem = 23;
        return !OperatingSystem.IsWindows() && e is IOException { HResult: TooManyInProcess or TooManyInSystem };
    }

    /// <summary>Reads a chunk into memory that was taken for it, and keeps it there.</summary>
    private async Task<StoredChunk?> ReadWholeAsync(ChunkEntry entry, CancellationToken cancellationToken)
    {
        var bytes = ChunkBytes.Allocate((int)entry.Length);
        var isGood = false;
        try
        {
            await ChunkFile.ReadAsync(entry.Path, bytes.Memory, cancellationToken);
            isGood = IsGood(entry, SHA256.HashData(bytes.GetSpan()));
            if (isGood)
            {
                return Lease(entry, bytes.Memory);
            }
        }
        finally
        {
            bytes.Release();
            if (!isGood)
            {
                store.Memory.Give(entry.Length);
            }
        }

        DropDamaged(entry);
        return null;
    }

    private StoredChunk Lease(ChunkEntry entry, ReadOnlyMemory<byte> content)
    {
        lock (store.Gate)
        {
            entry.IsVerified = true;
            ChunkMemory memory;
            if (entry.Memory is { } others)
            {
                store.Memory.Give(content.Length);
                store.Memory.Hold(others);
                memory = others;
            }
            else
            {
                memory = held.Has(entry)
                    ? store.Memory.TryCache(entry, content, taken: content.Length)!
                    : store.Memory.Loose(content);
            }

            return new StoredChunk(memory, store.Memory, entry.EntityTag);
        }
    }

    /// <summary>Opens a chunk's file, for one that is too large for memory or finds no room there.</summary>
    private async Task<StoredChunk?> OpenFileAsync(ChunkEntry entry, bool isVerified, CancellationToken cancellationToken)
    {
        var file = ChunkFile.Open(entry.Path);
        var isGood = false;
        try
        {
            isGood = file.Length == entry.Length
                && (isVerified || IsGood(entry, await DigestAsync(file, cancellationToken)));
        }
        finally
        {
            if (!isGood)
            {
                await file.DisposeAsync();
            }
        }

        if (!isGood)
        {
            DropDamaged(entry);
            return null;
        }

        lock (store.Gate)
        {
            entry.IsVerified = true;
        }

        return new StoredChunk(file, entry.Length, entry.EntityTag);
    }

    private static async Task<byte[]> DigestAsync(FileStream file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(CheckedAtATime);
        try
        {
            while (await file.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
            }

            file.Position = 0;
            return hash.GetHashAndReset();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool IsGood(ChunkEntry entry, byte[] digest) =>
        ChunkFile.Fingerprint(digest) == entry.Fingerprint
        && (owner.Layout.HashOf(entry.Chunk) is not { } hash || hash.Span.SequenceEqual(digest));

    private void DropDamaged(ChunkEntry entry)
    {
        store.Trouble.Damaged(entry);
        Drop(entry);
    }

    private void Drop(ChunkEntry entry)
    {
        lock (store.Gate)
        {
            store.Forget(entry);
        }

        store.Announce();
    }
}
