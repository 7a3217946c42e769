using PeerAgent.Tracker.Trackers;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

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
        Assert.Equal(4, tracker.Requests.Select(r => r.Message!.TransactionId).Distinct().Count());
        Assert.Equal(Rig.Addresses, tracker.Messages<RegisterRequest>().Single().Addresses);
        var report = tracker.Messages<ReportRequest>().Single();
        Assert.Equal([0, 1, 2], report.ChunkMaps.Single().Levels.Single().Segments.Single().Held());
        Assert.Equal(new StreamStatsReport(Rig.Swarm("a"), 11, 22, 1_000_000), report.StreamStats.Single());
    }

    [Fact]
    public async Task A_seeder_looks_for_nobody()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();

        var membership = await rig.JoinAndRestAsync(new FakeMember("a") { WantsPeers = false, UsablePeers = 0 }, tracker);
        await rig.PassAsync(TimeSpan.FromSeconds(10));

        Assert.True((await membership.FirstAttempt).IsJoined);
        Assert.Equal(["CONNECT", "JOIN a", "STAT_REPORT", "STAT_REPORT"], tracker.Verbs);
    }

    [Fact]
    public async Task Swarms_with_the_same_trackers_share_one_connect()
    {
        await using var rig = new Rig();
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        one.Always(null);

        rig.Sessions.Join([new(one.Url, 1), new(two.Url, 1)], new FakeMember("a"));
        rig.Sessions.Join([new(two.Url, 7), new(one.Url, 7)], new FakeMember("b"));
        await rig.RestAsync();

        Assert.Equal(1, one.Messages<RegisterRequest>().Count + two.Messages<RegisterRequest>().Count);
        Assert.Equal(2, one.Messages<JoinRequest>().Count + two.Messages<JoinRequest>().Count);
    }

    [Fact]
    public async Task A_swarm_is_left_alone_and_disconnect_waits_for_the_last_one()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        var a = await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        var b = await rig.JoinAndRestAsync(new FakeMember("b"), tracker);
        tracker.ClearRequests();

        await a.DisposeAsync();
        Assert.Equal(["LEAVE a"], tracker.Verbs);
        await b.DisposeAsync();

        Assert.Equal(["LEAVE a", "LEAVE b", "DISCONNECT"], tracker.Verbs);
        rig.Time.Advance(TimeSpan.FromHours(1));
        await rig.RestAsync();
        Assert.Equal(3, tracker.Requests.Count);
        Assert.Empty(rig.Sessions.Status);
    }

    [Fact]
    public async Task Streams_of_one_list_connect_once_and_disconnect_with_the_last_leave_never_earlier()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        var a = await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        var b = await rig.JoinAndRestAsync(new FakeMember("b"), tracker);
        await rig.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(["CONNECT", "JOIN a", "JOIN b"], Ends(tracker));

        await a.DisposeAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(["CONNECT", "JOIN a", "JOIN b", "LEAVE a"], Ends(tracker));
        await b.DisposeAsync();

        Assert.Equal(["CONNECT", "JOIN a", "JOIN b", "LEAVE a", "LEAVE b", "DISCONNECT"], Ends(tracker));
        static IEnumerable<string> Ends(FakeTracker tracker) =>
            tracker.Verbs.Where(v => !v.StartsWith("FIND", StringComparison.Ordinal) && v != "STAT_REPORT");
    }

    [Fact]
    public async Task Nothing_is_reported_when_nothing_was_joined()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.When(m => m is JoinRequest ? FakeStep.Answer(ResponseCode.ObjectNotFound) : null);

        rig.Join(new FakeMember("a"), tracker);
        for (var i = 0; i < 120; i++)
        {
            await rig.PassAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["CONNECT", "DISCONNECT", "JOIN a"], tracker.Verbs.Distinct().Order());
        Assert.Equal(tracker.Messages<RegisterRequest>().Count, tracker.Messages<QuitRequest>().Count);
    }

    [Fact]
    public async Task After_the_last_leave_a_join_connects_anew()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        var first = await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        var leaving = first.LeaveAsync(CancellationToken.None);

        var second = rig.Join(new FakeMember("a"), tracker);
        await leaving;
        Assert.True((await second.FirstAttempt).IsJoined);
        await rig.RestAsync();

        Assert.True(tracker.Verbs is [.., "LEAVE a", "CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT"]
            or [.., "LEAVE a", "DISCONNECT", "CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT"]
            or [.., "LEAVE a", "JOIN a", "FIND_PEER a", "STAT_REPORT"], string.Join(", ", tracker.Verbs));
    }

    [Fact]
    public async Task Not_found_on_leave_is_success()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        var a = await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        await rig.JoinAndRestAsync(new FakeMember("b"), tracker);
        tracker.Next(FakeStep.Answer(ResponseCode.ObjectNotFound));

        await a.DisposeAsync();
        await rig.PassAsync(TimeSpan.FromSeconds(10));

        Assert.Single(tracker.Messages<RegisterRequest>());
        Assert.Equal("STAT_REPORT", tracker.Verbs[^1]);
    }

    [Fact]
    public async Task Sessions_that_share_a_tracker_disconnect_there_once_the_last_of_them_ends()
    {
        await using var rig = new Rig();
        var (shared, other) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        var a = await rig.JoinAndRestAsync(new FakeMember("a"), shared);
        var b = await rig.JoinAndRestAsync(new FakeMember("b"), shared, other);

        await a.DisposeAsync();
        Assert.DoesNotContain("DISCONNECT", shared.Verbs);
        await b.DisposeAsync();

        Assert.Equal(["LEAVE b", "DISCONNECT"], shared.Verbs.TakeLast(2));
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task The_same_swarm_twice_at_the_same_trackers_is_a_mistake_of_the_caller()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        await rig.JoinAndRestAsync(new FakeMember("a"), tracker);

        Assert.Throws<InvalidOperationException>(() => rig.Join(new FakeMember("a"), tracker));
        Assert.Throws<ArgumentException>(() => rig.Sessions.Join([], new FakeMember("c")));
    }

    [Fact]
    public async Task A_swarm_whose_host_throws_does_not_stop_the_others()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        var broken = await rig.JoinAndRestAsync(new FakeMember("broken") { Throws = true }, tracker);
        await rig.JoinAndRestAsync(new FakeMember("b"), tracker);

        await rig.PassAsync(TimeSpan.FromSeconds(10));

        Assert.True((await broken.FirstAttempt).IsJoined);
        Assert.Equal(["b"], tracker.Messages<ReportRequest>()[^1].ChunkMaps.Select(m => m.SwarmId.Value));
        Assert.Contains(rig.Log.Lines, l => l.StartsWith("Error 3013", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_report_does_not_cost_the_tracker()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.When(m => m is ReportRequest ? FakeStep.Answer(ResponseCode.InvalidSyntax) : null);

        var membership = await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        await rig.PassAsync(TimeSpan.FromSeconds(10));

        Assert.True((await membership.FirstAttempt).IsJoined);
        Assert.Equal(["CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT", "STAT_REPORT"], tracker.Verbs);
    }

    [Fact]
    public async Task Status_tells_where_the_session_is_registered_and_since_when_it_has_heard_of_it()
    {
        await using var rig = new Rig();
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());

        var membership = await rig.JoinAndRestAsync(new FakeMember("a"), one, two);

        Assert.Equal([TrackerState.Connected, TrackerState.Idle], membership.Trackers.Select(t => t.State));
        Assert.Equal([one.Url.AbsoluteUri, two.Url.AbsoluteUri], membership.Trackers.Select(t => t.Url));
        Assert.Equal(rig.Time.GetUtcNow(), membership.Trackers[0].LastAnswer);
        Assert.Equal(membership.Trackers, rig.Sessions.Status);
    }
}
