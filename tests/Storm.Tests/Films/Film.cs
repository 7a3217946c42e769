using System.Security.Cryptography;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace Storm.Tests.Films;

/// <summary>A stream of made-up chunks: what its manifest says and what its bytes are. Never changes.</summary>
internal sealed class Film
{
    private const string Type = "video";
    private const string ListType = Type + ChunkLayout.HashesSuffix;
    private const int SmallestChunk = 512;

    private readonly byte[][][] _chunks;
    private readonly byte[][] _lists;
    private readonly string _clip;

    private Film(string name, FilmPlan plan)
    {
        var random = new Random(name.Length + plan.Count);
        _clip = "storm/" + name;
        Plan = plan;
        _chunks = new byte[plan.Levels][][];
        for (var level = 0; level < plan.Levels; level++)
        {
            _chunks[level] = [.. Enumerable.Range(0, plan.Count).Select(_ => Chunk(random, plan))];
        }

        _lists = plan.IsListed ? [.. _chunks.Select(level => level.SelectMany(SHA256.HashData).ToArray())] : [];
        Ranges =
        [
            .. Enumerable.Range(0, plan.Levels).Select(level => (LevelOf(level), plan.Count)),
            .. Enumerable.Range(0, _lists.Length).Select(level => (ListOf(level).Level, 1)),
        ];
        All = [.. from range in Ranges from index in Enumerable.Range(0, range.Count) select new ChunkId(range.Level, index)];
        Stream = Describe(name);
        Layout = new ChunkLayout(Stream);
    }

    /// <summary>Every chunk has a digest.</summary>
    public static Film Sealed { get; } = new("sealed", new FilmPlan(2, 120, SmallestChunk, 7000) { Hashed = 120, Origins = [1001, 1002] });

    /// <summary>No chunk has one.</summary>
    public static Film Open { get; } = new("open", new FilmPlan(1, 120, SmallestChunk, 7000) { Origins = [1002] });

    /// <summary>The first half has digests; private.</summary>
    public static Film Half { get; } = new("half", new FilmPlan(2, 80, SmallestChunk, 5000) { Hashed = 40, IsPrivate = true });

    /// <summary>Every chunk has a digest, and they stand in lists.</summary>
    public static Film Listed { get; } = new("listed", new FilmPlan(2, 100, SmallestChunk, 6000) { IsListed = true, Origins = [1003] });

    /// <summary>Chunks so large that several sources send parts of one.</summary>
    public static Film Large { get; } = new(
        "large", new FilmPlan(1, 40, 40_000, 96_000) { Hashed = 40, Origins = [1001], Patience = double.PositiveInfinity, ChunkPlays = TimeSpan.FromSeconds(4) });

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Film> Every { get; } = [Sealed, Open, Half, Listed, Large];

    public FilmPlan Plan { get; }

    public StreamInfo Stream { get; }

    /// <summary>Names of its chunks.</summary>
    public ChunkLayout Layout { get; }

    public SwarmId SwarmId => Stream.SwarmId;

    public int Levels => Plan.Levels;

    /// <summary>Chunks a level.</summary>
    public int Count => Plan.Count;

    /// <summary>Every level, those of hash lists too, and how many chunks it has.</summary>
    public IReadOnlyList<(LevelId Level, int Count)> Ranges { get; }

    /// <summary>All chunks, hash lists too.</summary>
    public IReadOnlyList<ChunkId> All { get; }

    public ChunkId Id(int level, int index) => new(LevelOf(level), index);

    public byte[] BytesOf(ChunkId chunk) => IsList(chunk) ? _lists[chunk.Level.Level] : _chunks[chunk.Level.Level][chunk.Index];

    public bool HasHash(ChunkId chunk) => Plan.IsListed || chunk.Index < Plan.Hashed;

    /// <summary>True for a hash list.</summary>
    public static bool IsList(ChunkId chunk) => chunk.Level.Type == ListType;

    /// <summary>What must be here before the chunk can be verified, or null.</summary>
    public ChunkId? NeedOf(ChunkId chunk) => Plan.IsListed && !IsList(chunk) ? ListOf(chunk.Level.Level) : null;

    private LevelId LevelOf(int level) => new(_clip, Type, level);

    private ChunkId ListOf(int level) => new(new LevelId(_clip, ListType, level), 0);

    private static byte[] Chunk(Random random, FilmPlan plan)
    {
        const byte Sync = 0x47;
        var bytes = new byte[random.Next(plan.Smallest, plan.Largest)];
        random.NextBytes(bytes);
        bytes[0] = bytes[188] = Sync;
        return bytes;
    }

    private StreamInfo Describe(string name)
    {
        if (!SwarmId.TryParse("storm/" + name, out var swarmId))
        {
            throw new InvalidOperationException("Not a SwarmID.");
        }

        var hashes = Enumerable.Range(0, Plan.Hashed == 0 ? 0 : Levels).ToDictionary(
            level => level, level => new ChunkHashes([.. _chunks[level].Take(Plan.Hashed).SelectMany(SHA256.HashData)], null));
        var segment = new Segment
        {
            From = 0,
            Count = Count,
            Levels = Levels,
            HasLevels = true,
            Extension = "ts",
            Hashes = hashes,
            HashLists = [.. _lists.Select((list, level) => new HashList(level, SHA256.HashData(list), $"{name}-L{level}.hashes"))],
            ChunkDuration = Plan.ChunkPlays,
        };
        return new StreamInfo
        {
            SwarmId = swarmId,
            IsPrivate = Plan.IsPrivate,
            Trackers = [new TrackerReference(new Uri("http://127.0.0.1:1/"), 1)],
            Origins = [.. Plan.Origins.Select((port, place) => new Origin(new Uri($"http://127.0.0.1:{port}/{name}/"), place))],
            Clips = [new Clip { Name = _clip, Components = [new Component(Type, [segment])] }],
        };
    }
}
