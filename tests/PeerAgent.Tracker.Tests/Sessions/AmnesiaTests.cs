using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.Sessions;

/// <summary>A tracker that lost its memory.</summary>
public class AmnesiaTests
{
    [Fact]
    public async Task A_tracker_that_lost_its_memory_is_told_everything_again()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        await rig.JoinAndRestAsync(new FakeMember("b") { WantsPeers = false }, tracker);
        tracker.Forget();
        tracker.ClearRequests();

        await PassAsync(rig, seconds: 10);

        Assert.Equal(["STAT_REPORT", "CONNECT", "JOIN a", "JOIN b", "STAT_REPORT", "FIND_PEER a"], tracker.Verbs);
    }

    [Fact]
    public async Task Not_found_to_find_peer_for_a_joined_swarm_means_lost_memory_too()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        var membership = await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        await PassAsync(rig, seconds: 3);
        tracker.ClearRequests();
        tracker.Next(FakeStep.Answer(ResponseCode.ObjectNotFound));

        membership.RequestPeers();
        await rig.RestAsync();

        Assert.Equal(["FIND_PEER a", "CONNECT", "JOIN a", "STAT_REPORT", "FIND_PEER a"], tracker.Verbs);
    }

    [Fact]
    public async Task A_tracker_that_forgets_all_the_time_is_told_again_once_per_backoff()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.When(m => m is ReportRequest ? FakeStep.Answer(ResponseCode.MessageForbidden) : null);
        rig.Join(new FakeMember("a"), tracker);
        await rig.RestAsync();

        await PassAsync(rig, seconds: 300);

        Assert.InRange(tracker.Messages<RegisterRequest>().Count, 4, 16);
    }

    private static async Task PassAsync(Rig rig, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            await rig.PassAsync(TimeSpan.FromSeconds(1));
        }
    }
}
