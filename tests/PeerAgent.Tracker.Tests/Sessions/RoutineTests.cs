using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.Sessions;

/// <summary>What a connected session says while nothing is wrong.</summary>
public class RoutineTests
{
    [Fact]
    public async Task All_swarms_are_reported_in_one_message_every_interval_with_true_totals()
    {
        await using var rig = new Rig(("StatReportInterval", "00:00:07"));
        var tracker = await rig.StartTrackerAsync();
        var a = new FakeMember("a");
        await rig.JoinAndRestAsync(a, tracker);
        await rig.JoinAndRestAsync(new FakeMember("b"), tracker);
        tracker.ClearRequests();
        a.Uploaded = 1234;

        await rig.PassAsync(TimeSpan.FromSeconds(6.9));
        Assert.Empty(tracker.Requests);
        await rig.PassAsync(TimeSpan.FromSeconds(0.1));
        await rig.PassAsync(TimeSpan.FromSeconds(7));

        Assert.Equal(["STAT_REPORT", "STAT_REPORT"], tracker.Verbs);
        foreach (var report in tracker.Messages<ReportRequest>())
        {
            Assert.Equal(["a", "b"], report.ChunkMaps.Select(m => m.SwarmId.Value));
            Assert.Equal([1234, 0], report.StreamStats.Select(s => s.UploadedBytes));
        }
    }

    [Fact]
    public async Task A_new_swarm_is_reported_at_once_and_alone()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        tracker.ClearRequests();

        await rig.JoinAndRestAsync(new FakeMember("b"), tracker);

        Assert.Equal(["JOIN b", "FIND_PEER b", "STAT_REPORT"], tracker.Verbs);
        Assert.Equal(["b"], tracker.Messages<ReportRequest>().Single().ChunkMaps.Select(m => m.SwarmId.Value));
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public async Task A_map_that_changed_by_more_than_five_percent_is_reported_a_second_later(int chunks, bool expected)
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        var (member, other) = (new FakeMember("a", chunks: 100), new FakeMember("b"));
        var membership = await rig.JoinAndRestAsync(member, tracker);
        await rig.JoinAndRestAsync(other, tracker);
        tracker.ClearRequests();

        for (var i = 0; i < chunks; i++)
        {
            member.Hold(i, 1);
            membership.ReportChanged();
        }

        await rig.PassAsync(TimeSpan.FromSeconds(0.9));
        Assert.Empty(tracker.Requests);
        await rig.PassAsync(TimeSpan.FromSeconds(0.2));

        Assert.Equal(expected ? 1 : 0, tracker.Requests.Count);
        if (expected)
        {
            Assert.Equal(6, tracker.Messages<ReportRequest>().Single().ChunkMaps.Single().Levels[0].Segments[0].Count);
        }
    }

    [Fact]
    public async Task A_change_before_the_first_report_does_not_delay_it()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        var release = new TaskCompletionSource();
        tracker.Next(FakeStep.After(release.Task, FakeStep.Ok));
        var membership = rig.Join(new FakeMember("b"), tracker);
        await Eventually.HoldsAsync(() => tracker.Held == 1, "JOIN hangs");

        membership.ReportChanged();
        tracker.Always(FakeStep.Ok);
        release.SetResult();
        await rig.RestAsync();

        Assert.True(membership.FirstAttempt.IsCompleted);
    }

    [Fact]
    public async Task The_last_chunk_is_reported_soon_although_it_is_only_one()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        var member = new FakeMember("a", chunks: 100);
        member.Hold(0, 99);
        var membership = await rig.JoinAndRestAsync(member, tracker);
        tracker.ClearRequests();

        member.Hold(99, 1);
        membership.ReportChanged();
        await rig.PassAsync(TimeSpan.FromSeconds(1.1));

        Assert.True(tracker.Messages<ReportRequest>().Single().ChunkMaps.Single().Levels[0].Segments[0].IsComplete);
    }

    [Fact]
    public async Task Keepalive_is_sent_only_when_nothing_else_was_for_its_interval()
    {
        await using var rig = new Rig(("StatReportInterval", "00:00:50"), ("KeepAliveInterval", "00:00:30"));
        var tracker = await rig.StartTrackerAsync();
        await rig.JoinAndRestAsync(new FakeMember("a") { WantsPeers = false }, tracker);
        tracker.ClearRequests();

        for (var second = 0; second < 100; second++)
        {
            await rig.PassAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["KEEPALIVE", "STAT_REPORT", "KEEPALIVE", "STAT_REPORT"], tracker.Verbs);
    }

    [Fact]
    public async Task With_reports_more_often_there_is_no_keepalive()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        await rig.JoinAndRestAsync(new FakeMember("a") { WantsPeers = false }, tracker);

        for (var i = 0; i < 10; i++)
        {
            await rig.PassAsync(TimeSpan.FromSeconds(10));
        }

        Assert.Empty(tracker.Messages<HeartbeatRequest>());
        Assert.Equal(11, tracker.Messages<ReportRequest>().Count);
    }

    [Fact]
    public async Task Peers_are_looked_for_every_two_minutes_when_there_are_enough()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        await rig.JoinAndRestAsync(new FakeMember("a") { UsablePeers = 5 }, tracker);

        await PassSecondsAsync(rig, 100);
        Assert.Single(tracker.Messages<ListRequest>());
        await PassSecondsAsync(rig, 40);

        Assert.Equal(2, tracker.Messages<ListRequest>().Count);
    }

    [Fact]
    public async Task Peers_are_looked_for_sooner_and_then_less_and_less_often_while_there_are_few()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        await rig.JoinAndRestAsync(new FakeMember("a") { UsablePeers = 4 }, tracker);

        await PassSecondsAsync(rig, 8);
        Assert.Equal(2, tracker.Messages<ListRequest>().Count);
        await PassSecondsAsync(rig, 112);

        Assert.InRange(tracker.Messages<ListRequest>().Count, 4, 6);
    }

    [Fact]
    public async Task A_request_for_peers_is_met_soon_but_not_more_often_than_every_two_seconds()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        var membership = await rig.JoinAndRestAsync(new FakeMember("a"), tracker);

        for (var i = 0; i < 20; i++)
        {
            membership.RequestPeers();
            await rig.PassAsync(TimeSpan.FromSeconds(0.5));
        }

        Assert.InRange(tracker.Messages<ListRequest>().Count, 5, 6);
    }

    [Fact]
    public async Task Routine_find_peers_of_many_swarms_do_not_come_in_one_burst()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        var memberships = Enumerable.Range(0, 20).Select(i => rig.Join(new FakeMember($"s{i}"), tracker)).ToList();
        await rig.RestAsync();
        await PassSecondsAsync(rig, 3);
        tracker.ClearRequests();
        memberships.ForEach(m => m.RequestPeers());
        await rig.RestAsync();

        Assert.InRange(tracker.Messages<ListRequest>().Count, 0, 1);
        for (var i = 0; i < 25; i++)
        {
            await rig.PassAsync(TimeSpan.FromSeconds(0.2));
        }

        Assert.Equal(20, tracker.Messages<ListRequest>().Count);
    }

    private static async Task PassSecondsAsync(Rig rig, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            await rig.PassAsync(TimeSpan.FromSeconds(1));
        }
    }
}
