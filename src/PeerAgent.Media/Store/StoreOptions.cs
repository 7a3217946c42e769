namespace PeerAgent.Media.Store;

/// <summary>Where chunks are kept and how much of them.</summary>
public sealed class StoreOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "PeerAgent:Store";

    /// <summary>The state folder; empty for the user's own (<c>$XDG_STATE_HOME/ppsp-peer</c> or the like).</summary>
    public string Path { get; set; } = "";

    /// <summary>Most bytes in the state folder: chunks, files on their way there, notes and manifests. Default 10 GiB, at least 1 MiB.</summary>
    public long MaxBytes { get; set; } = 10L << 30;

    /// <summary>
    /// Most bytes of chunks in memory: on their way in, being written, cached, leased, and in the blocks that connections send
    /// from as far as a sixteenth of it allows; from 64 MiB on with the ends of the pages they lie in, and the pages that wait for
    /// the next chunk. Default 256 MiB, at least 8 KiB.
    /// </summary>
    public long MemoryBytes { get; set; } = 256L << 20;

    /// <summary>Largest chunk that is taken, if <see cref="MemoryBytes"/> allows. Default 64 MiB.</summary>
    public int MaxChunkBytes { get; set; } = 64 << 20;

    /// <summary>
    /// Largest chunk that is fetched: the smaller of <see cref="MaxChunkBytes"/> and half of what <see cref="MemoryBytes"/> leaves
    /// for chunks: one plays while the next one arrives.
    /// </summary>
    public long LargestChunk => Math.Min(MaxChunkBytes, SystemMemory.RoomIn(MemoryBytes) / 2);
}
