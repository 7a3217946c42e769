using System.Security.Cryptography;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Tests.Scene;

/// <summary>A stream of made-up chunks, and what a manifest says of it.</summary>
internal sealed class Content
{
    public const int Size = 20_000;

    private Content(StreamInfo stream, byte[][] chunks)
    {
        Stream = stream;
        Chunks = chunks;
    }

    public StreamInfo Stream { get; }

    public IReadOnlyList<byte[]> Chunks { get; }

    public static LevelId Level => new("path/name", "video", 0);

    public static ChunkId Id(int number) => new(Level, number);

    public static string NameOf(int number, string extension = "bin") => $"name-L0-{number:D5}.{extension}";

    /// <summary>A stream; same arguments, same bytes.</summary>
    public static Content Make(
        bool hashes = true, int count = 8, int size = Size, string extension = "bin", params Uri[] origins)
    {
        var random = new Random(4711);
        var chunks = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            chunks[i] = new byte[size];
            random.NextBytes(chunks[i]);
            chunks[i][0] = extension == "ts" ? (byte)0x47 : chunks[i][0];
            if (extension == "ts" && size > 188)
            {
                chunks[i][188] = 0x47;
            }
        }

        return Of(chunks, hashes, extension, origins);
    }

    /// <summary>A stream of these chunks.</summary>
    public static Content Of(byte[][] chunks, bool hashes, string extension, params Uri[] origins)
    {
        var segment = new Segment
        {
            From = 0,
            Count = chunks.Length,
            Levels = 1,
            HasLevels = true,
            Extension = extension,
            Hashes = hashes
                ? new Dictionary<int, ChunkHashes> { [0] = new([.. chunks.SelectMany(SHA256.HashData)], null) }
                : new Dictionary<int, ChunkHashes>(),
        };
        var stream = new StreamInfo
        {
            SwarmId = Named.Swarm("swarm/1"),
            Trackers = [new TrackerReference(new Uri("http://127.0.0.1:1/"), 1)],
            Clips =
            [
                new Clip
                {
                    Name = Level.Clip,
                    Video = new VideoDescription("SVC", null, []),
                    Components = [new Component("video", [segment])],
                },
            ],
            Origins = [.. origins.Select((url, i) => new Origin(url, i))],
        };
        return new Content(stream, chunks);
    }

    /// <summary>The same chunks, and another manifest.</summary>
    public Content With(StreamInfo stream) => new(stream, [.. Chunks]);

    /// <summary>The same with so many levels, of which only the first has these chunks.</summary>
    public Content WithLevels(int levels)
    {
        var clip = Stream.Clips[0];
        var component = clip.Components[0];
        var segment = component.Segments[0] with { Levels = levels };
        return With(Stream with { Clips = [clip with { Components = [component with { Segments = [segment] }] }] });
    }

    /// <summary>The map of somebody who holds these chunks; everything when none is named.</summary>
    public IReadOnlyList<LevelMap> MapOf(params int[] numbers)
    {
        var map = new ChunkMapBuilder(0, Chunks.Count);
        foreach (var number in numbers.Length == 0 ? Enumerable.Range(0, Chunks.Count) : numbers)
        {
            map.Add(number);
        }

        return [new LevelMap(Level, [map.ToChunkMap()])];
    }
}
