using System.Security.Cryptography;
using PeerAgent.Media.Manifest;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Ids;

namespace SwarmEmulation.Films;

/// <summary>A film of random bytes: the same for the same seed, made chunk by chunk when it is asked for.</summary>
internal sealed class Film
{
    private readonly int _seed;
    private readonly byte[] _digests;

    /// <summary>Makes one; every chunk is digested.</summary>
    /// <param name="swarm">The SwarmID.</param>
    /// <param name="chunks">How many chunks.</param>
    /// <param name="chunkBytes">Bytes of each.</param>
    /// <param name="chunkSeconds">How long each plays.</param>
    /// <param name="seed">Where the bytes come from.</param>
    public Film(string swarm, int chunks, int chunkBytes, double chunkSeconds, int seed)
    {
        Swarm = swarm;
        Chunks = chunks;
        ChunkBytes = chunkBytes;
        ChunkSeconds = chunkSeconds;
        _seed = seed;
        _digests = [.. Enumerable.Range(0, chunks).SelectMany(i => SHA256.HashData(Content(i)))];
    }

    public string Swarm { get; }

    public int Chunks { get; }

    public int ChunkBytes { get; }

    public double ChunkSeconds { get; }

    /// <summary>Bits a second.</summary>
    public long Bitrate => (long)(ChunkBytes * 8 / ChunkSeconds);

    /// <summary>Name of a chunk.</summary>
    public static string NameOf(int chunk) => $"film-{chunk:00000}.ts";

    /// <summary>Number of the chunk with that name.</summary>
    public static int NumberOf(string name) => int.Parse(name[5..10], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Bytes of a chunk.</summary>
    public byte[] Content(int chunk)
    {
        var bytes = new byte[ChunkBytes];
        new Random(unchecked((_seed * 1_000_003) + chunk)).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Its manifest.</summary>
    /// <param name="tracker">The tracker.</param>
    /// <param name="origin">Where the chunks are, too, or null.</param>
    /// <param name="hashed">Whether the chunks' digests stand in it.</param>
    public byte[] Manifest(Uri tracker, Uri? origin, bool hashed) => StreamInfoWriter.Write(new StreamInfo
    {
        SwarmId = SwarmId.TryParse(Swarm, out var id) ? id : throw new InvalidOperationException("Not a SwarmID."),
        Trackers = [new TrackerReference(tracker, 1)],
        Origins = origin is null ? [] : [new PeerAgent.Media.Streams.Origin(origin, 1)],
        Clips =
        [
            new Clip
            {
                Name = "film",
                Duration = TimeSpan.FromSeconds(Chunks * ChunkSeconds),
                Components =
                [
                    new Component(
                        "video",
                        [
                            new Segment
                            {
                                From = 0,
                                Count = Chunks,
                                ChunkDuration = TimeSpan.FromSeconds(ChunkSeconds),
                                Bitrate = Bitrate,
                                Extension = "ts",
                                Hashes = hashed
                                    ? new Dictionary<int, ChunkHashes> { [0] = new(_digests, init: null) }
                                    : [],
                            },
                        ]),
                ],
            },
        ],
    });
}
