using PeerAgent.Tracker.Sessions;
using PeerAgent.Tracker.Trackers;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.Sessions;

/// <summary>What a session does when trackers fail, forget and come back.</summary>
public class FailoverTests
{
    private static readonly string[] AllAgain = ["CONNECT", "JOIN a", "JOIN b", "STAT_REPORT", "FIND_PEER a"];

    [Fact]
    public async Task The_next_tier_is_asked_when_the_first_fails()
    {
        await using var rig = new Rig();
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        one.Always(FakeStep.Close);

        var membership = rig.Join(new FakeMember("a"), one, two);

        Assert.True((await rig.PassUntilDoneAsync(membership.FirstAttempt)).IsJoined);
        Assert.All(one.Verbs, v => Assert.Equal("CONNECT", v));
        Assert.Equal(["CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT"], two.Verbs);
        Assert.Equal([TrackerState.Failed, TrackerState.Connected], membership.Trackers.Select(t => t.State));
        Assert.Equal("the connection broke before its answer was complete", membership.Trackers[0].LastError);
    }

    [Fact]
    public async Task A_silent_first_tracker_costs_one_time_out_when_there_is_another()
    {
        await using var rig = new Rig(("RequestTimeout", "00:00:02"));
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        one.Always(FakeStep.Silence);
        var start = rig.Time.GetTimestamp();

        var membership = rig.Join(new FakeMember("a"), one, two);
        Assert.True((await rig.PassUntilDoneAsync(membership.FirstAttempt)).IsJoined);

        Assert.InRange(rig.Time.GetElapsedTime(start), TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(3.9));
        Assert.Single(one.Requests);
    }

    [Fact]
    public async Task A_tier_is_finished_before_the_next_begins()
    {
        await using var rig = new Rig(("Retries", "0"));
        var (a, b, c) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        var order = new List<FakeTracker>();
        foreach (var tracker in (FakeTracker[])[a, b, c])
        {
            tracker.When(_ =>
            {
                order.Add(tracker);
                return tracker == c ? null : FakeStep.Close;
            });
        }

        var membership = rig.Sessions.Join([new(c.Url, 2), new(a.Url, 1), new(b.Url, 1)], new FakeMember("a"));
        Assert.True((await membership.FirstAttempt).IsJoined);

        Assert.Equal(c, order[2]);
        Assert.Equal([a, b], order.Take(2).OrderBy(t => t == b));
    }

    [Fact]
    public async Task Inside_a_tier_the_order_is_random()
    {
        await using var rig = new Rig();
        var (a, b) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        for (var i = 0; i < 20; i++)
        {
            await using var membership = rig.Sessions.Join([new(a.Url, 1), new(b.Url, 1)], new FakeMember("a"));
            await membership.FirstAttempt;
        }

        Assert.InRange(a.Messages<RegisterRequest>().Count, 1, 19);
        Assert.Equal(20, a.Messages<RegisterRequest>().Count + b.Messages<RegisterRequest>().Count);
    }

    [Fact]
    public async Task When_every_tracker_failed_the_first_attempt_names_each_and_the_session_goes_on_trying()
    {
        await using var rig = new Rig();
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        one.Always(FakeStep.Close);
        two.Always(FakeStep.Answer(ResponseCode.AuthenticationRequired));

        var membership = rig.Join(new FakeMember("a"), one, two);
        var outcome = await rig.PassUntilDoneAsync(membership.FirstAttempt);

        Assert.False(outcome.IsJoined);
        Assert.Equal(
            [
                new JoinFailure(one.Url.AbsoluteUri, "the connection broke before its answer was complete"),
                new JoinFailure(two.Url.AbsoluteUri, "it answered 401 AUTHENTICATION REQUIRED"),
            ],
            outcome.Failures);
        two.Always(null);
        await rig.PassUntilAsync(() => two.Messages<ReportRequest>().Count > 0, "the second tracker is used");
    }

    [Fact]
    public async Task Rounds_without_success_come_less_and_less_often()
    {
        await using var rig = new Rig(("Retries", "0"));
        var tracker = await rig.StartTrackerAsync();
        tracker.Always(FakeStep.Answer(ResponseCode.AuthenticationRequired));
        rig.Join(new FakeMember("a"), tracker);
        await rig.RestAsync();

        await PassAsync(rig, seconds: 60);
        Assert.InRange(tracker.Requests.Count, 5, 8);
        await PassAsync(rig, seconds: 600);

        Assert.InRange(tracker.Requests.Count, 13, 22);
    }

    [Fact]
    public async Task A_new_swarm_makes_a_waiting_session_try_at_once()
    {
        await using var rig = new Rig(("Retries", "0"));
        var tracker = await rig.StartTrackerAsync();
        tracker.Always(FakeStep.Answer(ResponseCode.AuthenticationRequired));
        rig.Join(new FakeMember("a"), tracker);
        await rig.RestAsync();
        await PassAsync(rig, seconds: 100);
        tracker.Always(null);

        var membership = rig.Join(new FakeMember("b"), tracker);

        Assert.True((await membership.FirstAttempt).IsJoined);
    }

    [Fact]
    public async Task After_a_failover_the_new_tracker_is_told_everything()
    {
        await using var rig = new Rig();
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        var (a, b) = (new FakeMember("a"), new FakeMember("b") { WantsPeers = false });
        two.Peers = [Rig.Info("other")];
        await rig.JoinAndRestAsync(a, one, two);
        await rig.JoinAndRestAsync(b, one, two);
        await PassAsync(rig, seconds: 20);
        one.Always(FakeStep.Reset);

        await rig.PassUntilAsync(() => two.Verbs.Count >= 5, "the second tracker serves");
        await rig.RestAsync();

        Assert.Equal(AllAgain, two.Verbs);
        var report = two.Messages<ReportRequest>().Single();
        Assert.Equal(["a", "b"], report.ChunkMaps.Select(m => m.SwarmId.Value));
        Assert.Equal(["other"], a.Found[^1].Select(p => p.PeerId.Value));
        Assert.DoesNotContain("CONNECT", one.Verbs.Skip(1));
    }

    [Fact]
    public async Task A_single_tracker_that_fails_and_comes_back_is_told_everything_again()
    {
        await using var rig = new Rig(("Retries", "1"));
        var tracker = await rig.StartTrackerAsync();
        await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        await rig.JoinAndRestAsync(new FakeMember("b") { WantsPeers = false }, tracker);
        await PassAsync(rig, seconds: 20);
        tracker.Always(FakeStep.Close);
        var before = tracker.Verbs.Count;
        await rig.PassUntilAsync(() => tracker.Verbs.Skip(before).Count(v => v == "CONNECT") >= 3, "it is tried again");

        tracker.Always(null);
        tracker.ClearRequests();
        await rig.PassUntilAsync(() => tracker.Verbs.Count >= 5, "it serves again");
        await rig.RestAsync();

        Assert.Equal(AllAgain, tracker.Verbs.Take(5));
    }

    [Fact]
    public async Task A_swarm_that_one_tracker_refuses_is_joined_at_the_next()
    {
        await using var rig = new Rig();
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        one.When(m => m is JoinRequest ? FakeStep.Answer(ResponseCode.MessageForbidden) : null);

        var membership = rig.Join(new FakeMember("a"), one, two);
        Assert.True((await membership.FirstAttempt).IsJoined);
        await rig.RestAsync();

        Assert.Equal(["CONNECT", "JOIN a", "DISCONNECT"], one.Verbs);
        Assert.Equal(["CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT"], two.Verbs);
    }

    [Fact]
    public async Task A_swarm_that_is_refused_beside_others_fails_alone()
    {
        await using var rig = new Rig();
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        await rig.JoinAndRestAsync(new FakeMember("good"), one, two);
        one.When(m => m is JoinRequest { SwarmId.Value: "bad" } ? FakeStep.Answer(ResponseCode.ObjectNotFound) : null);

        var outcome = await rig.Join(new FakeMember("bad"), one, two).FirstAttempt;
        await PassAsync(rig, seconds: 10);

        Assert.Equal([new JoinFailure(one.Url.AbsoluteUri, "it answered 404 OBJECT NOT FOUND")], outcome.Failures);
        Assert.Equal(["JOIN bad", "STAT_REPORT"], one.Verbs.TakeLast(2));
        Assert.Empty(two.Requests);
    }

    [Fact]
    public async Task A_tracker_that_wants_to_be_left_alone_is()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Next(FakeStep.Overloaded(TimeSpan.FromSeconds(120)));

        var membership = rig.Join(new FakeMember("a"), tracker);
        Assert.False((await membership.FirstAttempt).IsJoined);
        await PassAsync(rig, seconds: 118);
        Assert.Single(tracker.Requests);
        await PassAsync(rig, seconds: 5);

        Assert.Equal("STAT_REPORT", tracker.Verbs[^1]);
    }

    [Fact]
    public async Task A_failing_report_after_the_join_ends_the_first_attempt_without_success()
    {
        await using var rig = new Rig(("Retries", "0"));
        var tracker = await rig.StartTrackerAsync();
        tracker.When(m => m is ListRequest ? FakeStep.RandomBytes : null);

        var outcome = await rig.PassUntilDoneAsync(rig.Join(new FakeMember("a"), tracker).FirstAttempt);

        Assert.False(outcome.IsJoined);
        Assert.Contains("not one of a tracker", outcome.Failures.Single().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_swarm_joined_long_after_the_first_attempt_tells_so()
    {
        await using var rig = new Rig(("Retries", "0"));
        var tracker = await rig.StartTrackerAsync();
        tracker.Always(FakeStep.Close);
        var membership = rig.Join(new FakeMember("a"), tracker);
        Assert.False((await membership.FirstAttempt).IsJoined);
        await PassAsync(rig, seconds: 10);
        Assert.False(membership.FirstJoined.IsCompleted);
        tracker.Always(null);

        await rig.PassUntilAsync(() => membership.FirstJoined.IsCompletedSuccessfully, "the swarm is joined");
    }

    [Fact]
    public async Task A_swarm_left_before_it_was_joined_never_tells_so()
    {
        await using var rig = new Rig(("Retries", "0"));
        var tracker = await rig.StartTrackerAsync();
        tracker.Always(FakeStep.Close);
        var membership = rig.Join(new FakeMember("a"), tracker);
        await membership.FirstAttempt;

        await membership.DisposeAsync();

        Assert.True(membership.FirstJoined.IsCanceled);
    }

    private static async Task PassAsync(Rig rig, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            await rig.PassAsync(TimeSpan.FromSeconds(1));
        }
    }
}
