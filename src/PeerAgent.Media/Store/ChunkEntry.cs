using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Store;

/// <summary>One chunk that the store knows. Guarded by the store's lock, but for what never changes.</summary>
internal sealed class ChunkEntry
{
    /// <param name="path">Its file, there or to be written.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="fingerprint">What <see cref="ChunkFile.Fingerprint"/> says of its content.</param>
    internal ChunkEntry(string path, long length, string fingerprint)
    {
        Path = path;
        Length = length;
        Fingerprint = fingerprint;
        DiskNode = new LinkedListNode<ChunkEntry>(this);
        MemoryNode = new LinkedListNode<ChunkEntry>(this);
    }

    internal string Path { get; }

    internal long Length { get; }

    internal string Fingerprint { get; }

    /// <summary>The stream it belongs to, once that was opened.</summary>
    internal StreamChunks? Owner { get; set; }

    /// <summary>Which chunk of the stream it is; meaningless without an owner.</summary>
    internal ChunkId Chunk { get; set; }

    /// <summary>False for a file of an earlier run that was not read yet.</summary>
    internal bool IsVerified { get; set; }

    /// <summary>The content while it is in memory.</summary>
    internal ChunkMemory? Memory { get; set; }

    /// <summary>True while there is a file; false for a chunk that only memory could take, and for one that is gone.</summary>
    internal bool IsOnDisk { get; set; }

    /// <summary>Its place in the order of use on disk.</summary>
    internal LinkedListNode<ChunkEntry> DiskNode { get; }

    /// <summary>Its place in the order of use in memory.</summary>
    internal LinkedListNode<ChunkEntry> MemoryNode { get; }

    /// <summary>The strong entity tag of the content.</summary>
    internal string EntityTag => field ??= $"\"{Fingerprint}\"";
}
