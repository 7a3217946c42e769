using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.Sessions;

/// <summary>One line a change of state, none for what is routine.</summary>
public class QuietLogTests
{
    [Fact]
    public async Task An_hour_without_trouble_is_not_worth_a_line()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        await rig.JoinAndRestAsync(new FakeMember("b") { WantsPeers = false }, tracker);
        Assert.Equal(["Information 3000", "Information 3005", "Information 3005"], Lines(rig));
        tracker.ClearRequests();

        for (var i = 0; i < 360; i++)
        {
            await rig.PassAsync(TimeSpan.FromSeconds(10));
        }

        Assert.InRange(tracker.Requests.Count, 360, 400);
        Assert.Equal(3, Lines(rig).Count);
    }

    [Fact]
    public async Task A_failover_is_told_in_one_line_a_change()
    {
        await using var rig = new Rig(("Retries", "1"));
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        await rig.JoinAndRestAsync(new FakeMember("a"), one, two);
        await rig.JoinAndRestAsync(new FakeMember("b"), one, two);
        one.Always(FakeStep.Close);
        var before = Lines(rig).Count;

        await rig.PassUntilAsync(() => two.Verbs.Contains("STAT_REPORT"), "the second tracker serves");
        await rig.RestAsync();

        Assert.Equal(["Warning 3003", "Information 3000", "Information 3005", "Information 3005"], Lines(rig).Skip(before));
    }

    [Fact]
    public async Task A_goodbye_is_told_in_one_line_a_change()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        var membership = await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        var before = Lines(rig).Count;

        await membership.DisposeAsync();

        Assert.Equal(["Information 3006", "Information 3001"], Lines(rig).Skip(before));
    }

    /// <summary>Level and event of every line that people see.</summary>
    private static List<string> Lines(Rig rig) =>
        [.. rig.Log.Lines
            .Where(l => !l.StartsWith("Debug", StringComparison.Ordinal) && !l.StartsWith("Trace", StringComparison.Ordinal))
            .Select(l => string.Join(' ', l.Split(' ').Take(2)))];
}
