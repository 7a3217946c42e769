using Microsoft.Extensions.Logging.Abstractions;
using PeerAgent.Tracker.Sessions;
using PeerAgent.Tracker.Timing;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Tests.Sessions;

public class ReportSplitterTests
{
    [Fact]
    public void Swarms_share_a_message_as_long_as_their_segments_fit()
    {
        var parts = ReportSplitter.Split([.. Enumerable.Range(0, 130).Select(i => Report($"s{i}", Level(0, Segments(1, 10))))]);

        Assert.Equal([64, 64, 2], parts.Select(p => p.ChunkMaps.Count));
        Assert.Equal([64, 64, 2], parts.Select(p => p.StreamStats.Count));
        Assert.Equal(130, parts.Sum(p => p.Completed.Count));
    }

    [Fact]
    public void A_swarm_that_does_not_fit_any_more_begins_the_next_message()
    {
        var parts = ReportSplitter.Split(
        [
            Report("a", Level(0, Segments(40, 10))),
            Report("b", Level(0, Segments(20, 10)), Level(1, Segments(20, 10))),
        ]);

        Assert.Equal(["a", "b"], parts.Select(p => p.ChunkMaps.Single().SwarmId.Value));
        Assert.Equal(2, parts[1].ChunkMaps.Single().Levels.Count);
    }

    [Fact]
    public void A_level_with_too_many_segments_is_told_in_one_message_and_whole()
    {
        var segments = Segments(150, 10);

        var part = Assert.Single(ReportSplitter.Split([Report("a", Level(0, segments))]));

        var told = part.ChunkMaps.Single().Levels.Single().Segments;
        Assert.InRange(told.Count, 1, ReportSplitter.MaxSegments);
        Assert.Equal(segments.SelectMany(s => s.Held()), told.SelectMany(s => s.Held()));
        Assert.Single(part.Completed);
    }

    [Fact]
    public void Of_segments_too_far_apart_for_one_map_those_that_hold_most_are_told()
    {
        var far = 2L * ChunkMap.MaxLength;
        List<ChunkMap> segments = [.. Enumerable.Range(0, 150).Select(i => Full(i * far, 1 + i))];

        var told = Assert.Single(ReportSplitter.Split([Report("a", Level(0, segments))])).ChunkMaps.Single().Levels.Single();

        Assert.Equal(segments.TakeLast(ReportSplitter.MaxSegments), told.Segments);
    }

    [Fact]
    public void A_level_too_long_for_a_message_is_told_as_far_as_it_fits()
    {
        List<ChunkMap> segments = [.. Enumerable.Range(0, 9).Select(i => Full(i * (long)ChunkMap.MaxLength, ChunkMap.MaxLength - i))];

        var told = Assert.Single(ReportSplitter.Split([Report("a", Level(0, segments))])).ChunkMaps.Single().Levels.Single();

        Assert.Equal(segments.Take(5), told.Segments);
    }

    [Fact]
    public void Nothing_held_is_reported_too()
    {
        var part = Assert.Single(ReportSplitter.Split([Report("a", Level(0, [])), Report("b")]));

        Assert.Equal(["a"], part.ChunkMaps.Select(m => m.SwarmId.Value));
        Assert.Equal(["a", "b"], part.StreamStats.Select(s => s.SwarmId.Value));
    }

    [Fact]
    public void Every_message_can_be_read_by_a_tracker_with_the_limits_of_the_protocol()
    {
        var name = new string('&', 200);
        var levels = Enumerable.Range(0, 12)
            .Select(i => new LevelMap(new LevelId(name, "video", i), [Full(0, ChunkMap.MaxLength)]))
            .ToArray();

        var parts = ReportSplitter.Split([Report("a", levels), Report("b", levels)]);

        Assert.InRange(parts.Count, 4, 6);
        Assert.Equal(24, parts.Sum(p => p.ChunkMaps.Sum(m => m.Levels.Count)));
        foreach (var part in parts)
        {
            var body = TrackerCodec.WriteRequest(new ReportRequest
            {
                PeerId = Rig.Me,
                TransactionId = new Chance(new Random(1)).NextTransaction(),
                Credentials = Rig.Credentials with { AuthToken = new string('t', Credentials.MaxTokenLength) },
                ChunkMaps = part.ChunkMaps,
                StreamStats = part.StreamStats,
            });
            Assert.True(TrackerCodec.ReadRequest(body).TryGet(out _, out var refusal), refusal?.Reason);
        }
    }

    private static (Member Member, SwarmReport Report) Report(string swarm, params LevelMap[] levels) => (
        new Member(new FakeMember(swarm), new Chance(new Random(1)), NullLogger.Instance),
        new SwarmReport { Levels = levels, MapVersion = 1, HeldChunks = 1, TotalChunks = 1 });

    private static LevelMap Level(int level, IReadOnlyList<ChunkMap> segments) => new(new LevelId("path/name", "video", level), segments);

    private static List<ChunkMap> Segments(int count, int length) =>
        [.. Enumerable.Range(0, count).Select(i => Full(i * 2L * length, length))];

    private static ChunkMap Full(long from, int length)
    {
        var bits = new byte[ChunkMap.ByteLength(length)];
        Array.Fill(bits, (byte)0xFF);
        return ChunkMap.Create(from, length, bits);
    }
}
