using System.Collections.Concurrent;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.Sessions;

/// <summary>A hundred streams at one tracker: how much is said, and how evenly.</summary>
public class ManySwarmsTests
{
    private const int Swarms = 100;
    private const int ReportMessages = (Swarms + 63) / 64;

    /// <summary>FIND_PEERs are 0.2 s apart, and a full report may fall into the same second.</summary>
    private const int MostInASecond = 5 + ReportMessages;

    [Fact]
    public async Task In_ten_minutes_as_much_is_said_as_the_intervals_allow_and_never_much_at_once()
    {
        const int Seconds = 600;
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        var seen = Record(rig, tracker);
        JoinAll(rig, tracker);
        await rig.RestAsync();
        var start = rig.Time.GetUtcNow();

        await PassAsync(rig, Seconds);

        Assert.Equal(1, Count("CONNECT"));
        Assert.Equal(Swarms, Count("JOIN"));
        Assert.InRange(Count("STAT_REPORT"), Seconds / 10 * ReportMessages, ((Seconds / 10) + 1) * ReportMessages);
        Assert.InRange(Count("FIND_PEER"), Swarms * (1 + (Seconds / 140)), Swarms * (1 + (Seconds / 108)));
        Assert.Equal(0, Count("KEEPALIVE"));
        Assert.All(seen, s => Assert.Equal(1, s.UnderWay));
        Assert.All(
            tracker.Messages<ReportRequest>(), r => Assert.InRange(r.ChunkMaps.Sum(m => m.Levels.Sum(l => l.Segments.Count)), 1, 64));
        AssertEven(seen.Where(s => s.At > start));

        int Count(string verb) => seen.Count(s => s.Verb == verb);
    }

    [Fact]
    public async Task After_a_failover_one_message_is_under_way_at_a_time_and_find_peers_keep_their_distance()
    {
        await using var rig = new Rig(("Retries", "0"));
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        JoinAll(rig, one, two);
        await rig.RestAsync();
        one.Always(FakeStep.Close);
        var seen = Record(rig, two);

        await PassAsync(rig, 35);

        string[] rush = ["CONNECT", .. Enumerable.Repeat("JOIN", Swarms), .. Enumerable.Repeat("STAT_REPORT", ReportMessages)];
        Assert.Equal(rush, seen.Take(rush.Length).Select(s => s.Verb));
        Assert.All(seen, s => Assert.Equal(1, s.UnderWay));
        Assert.Equal(Swarms, seen.Count(s => s.Verb == "FIND_PEER"));
        AssertEven(seen.Skip(rush.Length));
    }

    private static void JoinAll(Rig rig, params FakeTracker[] trackers)
    {
        for (var i = 0; i < Swarms; i++)
        {
            rig.Join(new FakeMember($"s{i}"), trackers);
        }
    }

    private static ConcurrentQueue<(string Verb, DateTimeOffset At, int UnderWay)> Record(Rig rig, FakeTracker tracker)
    {
        var seen = new ConcurrentQueue<(string Verb, DateTimeOffset At, int UnderWay)>();
        tracker.When(m =>
        {
            var verb = new FakeTrackerRequest(m, "", "", null, null, []).Verb.Split(' ')[0];
            seen.Enqueue((verb, rig.Time.GetUtcNow(), rig.UnderWay));
            return null;
        });
        return seen;
    }

    private static void AssertEven(IEnumerable<(string Verb, DateTimeOffset At, int UnderWay)> seen) => Assert.All(
        seen.GroupBy(s => s.At.ToUnixTimeSeconds()), second => Assert.InRange(second.Count(), 1, MostInASecond));

    private static async Task PassAsync(Rig rig, int seconds)
    {
        for (var i = 0; i < seconds * 5; i++)
        {
            await rig.PassAsync(TimeSpan.FromSeconds(0.2));
        }
    }
}
