using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Tests.Sessions;

public class TrackerSessionTests
{
    [Fact]
    public async Task A_first_join_says_connect_join_find_peer_and_report_in_this_order()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Peers = [Rig.Info("other"), Rig.Info("me")];
        var member = new FakeMember("a") { Uploaded = 11, Downloaded = 22 };
        member.Hold(0, 3);

        var membership = rig.Join(member, tracker);
        var outcome = await membership.FirstAttempt;

        Assert.True(outcome.IsJoined);
        Assert.Equal(["CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT"], tracker.Verbs);
        Assert.Equal(["other"], member.Found.Single().Select(p => p.PeerId.Value));
        Assert.All(tracker.Requests, r => Assert.Equal(Rig.Me, r.Message!.PeerId));
        Assert.All(tracker.Requests, r => Assert.Equal(Rig.Credentials, r.Message!.Credentials));
        Assert.Equal(Rig.Addresses, tracker.Messages<RegisterRequest>().Single().Addresses);
        var report = tracker.Messages<ReportRequest>().Single();
        Assert.Equal([0, 1, 2], report.ChunkMaps.Single().Levels.Single().Segments.Single().Held());
        Assert.Equal(new StreamStatsReport(Rig.Swarm("a"), 11, 22, 1_000_000), report.StreamStats.Single());
    }
}
