using System.Security.Cryptography;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace Storm.Tests.Films;

/// <summary>A stream of made-up chunks: what its manifest says and what its bytes are. Never changes.</summary>
internal sealed class Film
{
    private const string Type = "video";
    private const int SmallestChunk = 512;

    /// <summary>How long a chunk plays.</summary>
    public static readonly TimeSpan ChunkPlays = TimeSpan.FromMilliseconds(800);

    private readonly byte[][][] _chunks;
    private readonly int _hashed;
    private readonly string _clip;

    private Film(string name, int levels, int count, int largest, int hashed)
    {
        var random = new Random(name.Length + count);
        _clip = "storm/" + name;
        _hashed = hashed;
        Levels = levels;
        Count = count;
        _chunks = new byte[levels][][];
        for (var level = 0; level < levels; level++)
        {
            _chunks[level] = [.. Enumerable.Range(0, count).Select(_ => Chunk(random, largest))];
        }

        All = [.. from level in Enumerable.Range(0, levels) from index in Enumerable.Range(0, count) select Id(level, index)];
        Stream = Describe(name);
    }

    /// <summary>Every chunk has a hash.</summary>
    public static Film Sealed { get; } = new("sealed", levels: 2, count: 120, largest: 7000, hashed: 120);

    /// <summary>No chunk has one.</summary>
    public static Film Open { get; } = new("open", levels: 1, count: 120, largest: 7000, hashed: 0);

    /// <summary>The first half has hashes.</summary>
    public static Film Half { get; } = new("half", levels: 2, count: 80, largest: 5000, hashed: 40);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Film> Every { get; } = [Sealed, Open, Half];

    public StreamInfo Stream { get; }

    public SwarmId SwarmId => Stream.SwarmId;

    public int Levels { get; }

    /// <summary>Chunks a level.</summary>
    public int Count { get; }

    /// <summary>All chunks.</summary>
    public IReadOnlyList<ChunkId> All { get; }

    public ChunkId Id(int level, int index) => new(LevelOf(level), index);

    public LevelId LevelOf(int level) => new(_clip, Type, level);

    public byte[] BytesOf(ChunkId chunk) => _chunks[chunk.Level.Level][chunk.Index];

    public bool HasHash(ChunkId chunk) => chunk.Index < _hashed;

    private static byte[] Chunk(Random random, int largest)
    {
        const byte Sync = 0x47;
        var bytes = new byte[random.Next(SmallestChunk, largest)];
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

        var hashes = Enumerable.Range(0, _hashed == 0 ? 0 : Levels).ToDictionary(
            level => level, level => new ChunkHashes([.. _chunks[level].Take(_hashed).SelectMany(SHA256.HashData)], null));
        var segment = new Segment
        {
            From = 0, Count = Count, Levels = Levels, HasLevels = true, Extension = "ts", Hashes = hashes, ChunkDuration = ChunkPlays,
        };
        return new StreamInfo
        {
            SwarmId = swarmId,
            Trackers = [new TrackerReference(new Uri("http://127.0.0.1:1/"), 1)],
            Clips = [new Clip { Name = _clip, Components = [new Component(Type, [segment])] }],
        };
    }
}
