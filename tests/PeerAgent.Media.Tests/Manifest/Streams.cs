using FsCheck;
using FsCheck.Fluent;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Media.Tests.Manifest;

/// <summary>Makes up streams that a manifest can tell, everything in them that can be there.</summary>
internal static class Streams
{
    private static readonly string[] Words = ["a", "Ümlaut & <b>", "中文\U0001F600", "it's \"so\"", "x y", "1.2", "%z", "avc1.64001f"];

    internal static Gen<StreamInfo> Any => Gen.Choose(0, int.MaxValue - 1).Select(seed => Make(new Random(seed)));

    internal static StreamInfo Make(Random random)
    {
        Assert.True(SwarmId.TryParse(Word(random), out var id));
        return new StreamInfo
        {
            SwarmId = id,
            IsLive = random.Next(2) == 0,
            IsPrivate = random.Next(4) == 0,
            UpdateTime = Maybe(random, () => "06:56:18"),
            Trackers = Many(random, 1, 4, i => new TrackerReference(new Uri($"https://tracker{i}:8{i}/p?q={i}"), random.Next(1, 5))),
            Origins = [.. Many(random, 0, 3, i => new Origin(new Uri($"http://[::1]:{i + 1}/ü/"), random.Next(3))).OrderBy(o => o.Priority)],
            Clips = Many(random, 1, 3, i => MakeClip(random, $"{Word(random)}/n{i}x")),
        };
    }

    private static Clip MakeClip(Random random, string name) => new()
    {
        Name = name,
        Description = Maybe(random, () => $"{Word(random)}\r\n\t{Word(random)}") ?? "",
        Duration = random.Next(2) == 0 ? null : TimeSpan.FromTicks(random.NextInt64(1L << 40)),
        Video = Maybe(random, () => new VideoDescription(
            random.Next(3) == 0 ? "" : Word(random),
            random.Next(2) == 0 ? null : Math.Round(0.001 + (random.NextDouble() * 900), 3),
            Many(random, 0, 3, i => new VideoQuality(random.Next(1, 65536), random.Next(1, 65536), i, random.Next(2) == 0 ? null : random.NextInt64(1, 1 << 30))))),
        AudioCodec = Maybe(random, () => random.Next(3) == 0 ? "" : Word(random)),
        Components = Many(random, 1, 3, i => new Component(i == 0 ? "video" : $"kind{i} <", MakeSegments(random))),
    };

    private static List<Segment> MakeSegments(Random random)
    {
        var from = random.Next(2) == 0 ? 0 : random.NextInt64(1L << 52);
        return Many(random, 1, 4, _ =>
        {
            var segment = MakeSegment(random, from);
            from = segment.To + 1 + random.Next(2);
            return segment;
        });
    }

    private static Segment MakeSegment(Random random, long from)
    {
        var hasLevels = random.Next(2) == 0;
        var levels = hasLevels ? random.Next(1, 5) : 1;
        var count = random.Next(1, 20);
        return new Segment
        {
            From = from,
            Count = count,
            IsRange = from != 0 || random.Next(2) == 0,
            HasLevels = hasLevels,
            Levels = levels,
            ChunkDuration = random.Next(2) == 0 ? null : TimeSpan.FromTicks(random.NextInt64(1, TimeSpan.TicksPerDay + 1)),
            Bitrate = random.Next(2) == 0 ? null : random.NextInt64(1, 1L << 39),
            Init = Maybe(random, () => $"{Word(random)}.mp4"),
            Extension = Maybe(random, () => "m4s"),
            Views = random.Next(2) == 0 ? null : random.Next(1, 1000),
            Hashes = Enumerable.Range(0, levels).Where(_ => random.Next(3) == 0).ToDictionary(
                l => l, _ => new ChunkHashes(Bytes(random, count * 32), random.Next(2) == 0 ? null : Bytes(random, 32))),
            HashLists = [.. Enumerable.Range(0, levels).Where(_ => random.Next(3) == 0).Select(
                l => new HashList(l, Bytes(random, 32), $"{Word(random)}{from}-{l}", random.Next(2) == 0 ? default(ReadOnlyMemory<byte>?) : Bytes(random, 32)))],
        };
    }

    private static string Word(Random random) => Words[random.Next(Words.Length)];

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static T? Maybe<T>(Random random, Func<T> make)
        where T : class => random.Next(2) == 0 ? null : make();

    private static List<T> Many<T>(Random random, int min, int max, Func<int, T> make) =>
        [.. Enumerable.Range(0, random.Next(min, max + 1)).Select(make)];
}
