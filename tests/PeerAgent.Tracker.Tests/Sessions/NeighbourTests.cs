using System.Collections.Concurrent;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.Sessions;

/// <summary>A bad tracker in one list does not disturb the conversation with another.</summary>
public class NeighbourTests
{
    private static readonly Dictionary<string, Func<Rig, FakeStep>> Awful = new()
    {
        ["answers after 2.9 s"] = rig => FakeStep.Late(TimeSpan.FromSeconds(2.9), rig.Time, FakeStep.Ok),
        ["sends one byte a second"] = rig => FakeStep.Drip(rig.Time),
        ["answers with 50 MB"] = _ => FakeStep.HugeBody(50_000_000),
        ["says nothing"] = _ => FakeStep.Silence,
    };

    public static TheoryData<string> Kinds => [.. Awful.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_healthy_session_keeps_its_intervals_beside_an_awful_tracker(string kind)
    {
        await using var rig = new Rig(("StatReportInterval", "00:00:02"));
        var (awful, healthy) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        var reports = new ConcurrentQueue<DateTimeOffset>();
        healthy.When(m =>
        {
            if (m is ReportRequest)
            {
                reports.Enqueue(rig.Time.GetUtcNow());
            }

            return null;
        });
        await rig.JoinAndRestAsync(new FakeMember("good"), healthy);
        awful.When(_ => Awful[kind](rig));
        rig.Join(new FakeMember("bad"), awful);

        await rig.PassUntilAsync(() => reports.Count >= 8, "the healthy session reports");

        var times = reports.ToArray();
        Assert.All(
            times.Zip(times.Skip(1), (a, b) => b - a),
            gap => Assert.InRange(gap, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(2.5)));
        Assert.InRange(awful.Requests.Count, 1, 16);
        Assert.Equal(["CONNECT", "JOIN good", "FIND_PEER good"], healthy.Verbs.Where(v => v != "STAT_REPORT"));
    }
}
