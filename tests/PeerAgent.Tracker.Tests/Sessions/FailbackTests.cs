using PeerAgent.Tracker.Trackers;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.Sessions;

/// <summary>The way back to a better tracker.</summary>
public class FailbackTests
{
    [Fact]
    public async Task A_better_tracker_is_taken_back_when_it_answers_twice_an_interval_apart()
    {
        await using var rig = new Rig(("Retries", "0"), ("FailbackInterval", "00:00:40"));
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        one.Always(FakeStep.Close);
        var membership = await rig.JoinAndRestAsync(new FakeMember("a"), one, two);
        one.Always(null);
        one.ClearRequests();

        await PassAsync(rig, seconds: 39);
        Assert.Empty(one.Requests);
        await PassAsync(rig, seconds: 2);
        Assert.Equal(["KEEPALIVE"], one.Verbs);
        Assert.DoesNotContain("DISCONNECT", two.Verbs);
        await PassAsync(rig, seconds: 40);

        Assert.Equal(["KEEPALIVE", "KEEPALIVE", "CONNECT", "JOIN a", "STAT_REPORT", "FIND_PEER a"], one.Verbs.Take(6));
        Assert.Equal("DISCONNECT", two.Verbs[^1]);
        Assert.Equal([TrackerState.Connected, TrackerState.Idle], membership.Trackers.Select(t => t.State));
        await PassAsync(rig, seconds: 200);
        Assert.Equal("DISCONNECT", two.Verbs[^1]);
        Assert.DoesNotContain("KEEPALIVE", one.Verbs.Skip(2));
    }

    [Fact]
    public async Task A_better_tracker_that_answers_only_now_and_then_is_not_taken_back()
    {
        await using var rig = new Rig(("Retries", "0"), ("FailbackInterval", "00:00:40"));
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        one.Always(FakeStep.Close);
        await rig.JoinAndRestAsync(new FakeMember("a"), one, two);
        one.ClearRequests();
        var forbidden = FakeStep.Answer(ResponseCode.MessageForbidden);
        one.Next(forbidden, FakeStep.Close, forbidden, FakeStep.Close, forbidden, FakeStep.Close);

        await PassAsync(rig, seconds: 400);

        Assert.All(one.Verbs, v => Assert.Equal("KEEPALIVE", v));
        Assert.InRange(one.Verbs.Count, 4, 8);
    }

    [Fact]
    public async Task Tries_of_a_dead_better_tracker_come_less_and_less_often()
    {
        await using var rig = new Rig(("Retries", "0"), ("FailbackInterval", "00:00:10"));
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        one.Always(FakeStep.Close);
        await rig.JoinAndRestAsync(new FakeMember("a"), one, two);
        one.ClearRequests();

        await PassAsync(rig, seconds: 160);

        Assert.Equal(4, one.Verbs.Count);
    }

    private static async Task PassAsync(Rig rig, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            await rig.PassAsync(TimeSpan.FromSeconds(1));
        }
    }
}
