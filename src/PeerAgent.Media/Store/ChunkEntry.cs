using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Store;

/// <summary>One chunk that the store knows. Guarded by the store's lock, but for what never changes.</summary>
internal sealed class ChunkEntry
{
    internal ChunkEntry(string path, long length)
    {
        Path = path;
        Length = length;
        DiskNode = new LinkedListNode<ChunkEntry>(this);
        MemoryNode = new LinkedListNode<ChunkEntry>(this);
    }

    /// <summary>Its file.</summary>
    internal string Path { get; }

    /// <summary>Bytes.</summary>
    internal long Length { get; }

    /// <summary>The stream it belongs to, once that was opened.</summary>
    internal StreamChunks? Owner { get; set; }

    /// <summary>Which chunk of the stream it is; meaningless without an owner.</summary>
    internal ChunkId Chunk { get; set; }

    /// <summary>SHA-256 of the content; null for a file of an earlier run that was not read yet.</summary>
    internal byte[]? Digest { get; set; }

    /// <summary>The content while it is in memory.</summary>
    internal ReadOnlyMemory<byte>? Memory { get; set; }

    /// <summary>True when there is a file; false for a chunk that only memory could take.</summary>
    internal bool IsOnDisk { get; set; }

    /// <summary>Its place in the order of use on disk.</summary>
    internal LinkedListNode<ChunkEntry> DiskNode { get; }

    /// <summary>Its place in the order of use in memory.</summary>
    internal LinkedListNode<ChunkEntry> MemoryNode { get; }

    /// <summary>The strong entity tag of the content.</summary>
    internal string EntityTag => $"\"{Convert.ToHexStringLower(Digest.AsSpan(0, 16))}\"";
}
