namespace PeerAgent.Media.Streams;

/// <summary>A contiguous range of chunks (<c>Segment</c>; draft-cruz-ppsp-http-tracker-protocol-01, section 3.6).</summary>
public sealed record Segment
{
    /// <summary>Number of the first chunk; 0 for <c>chunks="n"</c>.</summary>
    public required long From { get; init; }

    /// <summary>Number of chunks, 1 to <see cref="Ppsp.Protocol.Chunks.ChunkMap.MaxLength"/>.</summary>
    public required int Count { get; init; }

    /// <summary>Number of the last chunk, inclusive.</summary>
    public long To => From + Count - 1;

    /// <summary>Number of levels, 1 or more; ids are 0 to Levels - 1.</summary>
    public int Levels { get; init; } = 1;

    /// <summary>True when the manifest said <c>levels</c>; then names carry the level.</summary>
    public bool HasLevels { get; init; }

    /// <summary>True when the manifest said <c>from</c> and <c>to</c> rather than <c>chunks</c>.</summary>
    public bool IsRange { get; init; }

    /// <summary>How long one chunk plays (<c>x:duration</c>), or null.</summary>
    public TimeSpan? ChunkDuration { get; init; }

    /// <summary>Bits per second (<c>x:bitrate</c>), or null.</summary>
    public long? Bitrate { get; init; }

    /// <summary>
    /// Name of the initialisation chunk (<c>x:init</c>), or null. A name with a level part stands for every level: the
    /// number is replaced by the level's.
    /// </summary>
    public string? Init { get; init; }

    /// <summary>File extension of the chunks without the dot (<c>x:ext</c>), or null.</summary>
    public string? Extension { get; init; }

    /// <summary>The number behind <c>V</c> in chunk names (<c>x:views</c>), or null.</summary>
    public int? Views { get; init; }

    /// <summary>Digests by level; empty when the manifest has none.</summary>
    public IReadOnlyDictionary<int, ChunkHashes> Hashes { get; init; } = new Dictionary<int, ChunkHashes>();

    /// <summary>Where digests are found that are not in the manifest; empty when there are none.</summary>
    public IReadOnlyList<HashList> HashLists { get; init; } = [];

    /// <summary>Where the digests of a level are found, or null when the manifest has them itself or there are none.</summary>
    public HashList? HashListOf(int level) => Hashes.ContainsKey(level) ? null : HashLists.FirstOrDefault(l => l.Level == level);

    /// <summary>True when the chunk number is in the range.</summary>
    public bool Contains(long index) => index >= From && index <= To;
}
