using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.Sessions;

/// <summary>How sessions end.</summary>
public class GoodbyeTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Stopping_leaves_every_swarm_and_disconnects_everywhere_and_then_is_silent()
    {
        await using var rig = new Rig();
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        await rig.JoinAndRestAsync(new FakeMember("a"), one);
        await rig.JoinAndRestAsync(new FakeMember("b"), one);
        await rig.JoinAndRestAsync(new FakeMember("c"), two);
        one.ClearRequests();
        two.ClearRequests();

        await rig.Sessions.StopAsync(Budget, CancellationToken.None);
        rig.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(["LEAVE a", "LEAVE b", "DISCONNECT"], one.Verbs);
        Assert.Equal(["LEAVE c", "DISCONNECT"], two.Verbs);
        Assert.Equal(0, rig.Time.PendingTimers);
    }

    [Fact]
    public async Task Stopping_with_silent_trackers_returns_within_the_budget()
    {
        await using var rig = new Rig();
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        await rig.JoinAndRestAsync(new FakeMember("a"), one);
        await rig.JoinAndRestAsync(new FakeMember("b"), one);
        await rig.JoinAndRestAsync(new FakeMember("c"), two);
        one.Always(FakeStep.Silence);
        two.Always(FakeStep.Silence);
        one.ClearRequests();
        var start = rig.Time.GetTimestamp();

        var stop = rig.Sessions.StopAsync(Budget, CancellationToken.None);
        await rig.PassUntilAsync(() => stop.IsCompleted, "everything stops");
        await stop;

        Assert.InRange(rig.Time.GetElapsedTime(start), TimeSpan.FromSeconds(1), Budget);
        Assert.Equal("LEAVE a", one.Verbs[0]);
        Assert.Equal("DISCONNECT", one.Verbs[^1]);
        Assert.DoesNotContain("LEAVE b", one.Verbs);
    }

    [Fact]
    public async Task Stopping_while_a_message_hangs_gives_it_up_and_says_goodbye()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        tracker.When(m => m is ReportRequest ? FakeStep.Silence : null);
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.HoldsAsync(() => tracker.Held == 1, "the report hangs");
        var start = rig.Time.GetTimestamp();

        var stop = rig.Sessions.StopAsync(Budget, CancellationToken.None);
        await rig.PassUntilAsync(() => stop.IsCompleted, "everything stops");

        Assert.Equal(["LEAVE a", "DISCONNECT"], tracker.Verbs.TakeLast(2));
        Assert.InRange(rig.Time.GetElapsedTime(start), TimeSpan.Zero, Budget / 2);
    }

    [Fact]
    public async Task A_message_under_way_may_end_in_peace()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        var release = new TaskCompletionSource();
        tracker.Next(FakeStep.After(release.Task, FakeStep.Ok));
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.HoldsAsync(() => tracker.Held == 1, "the report hangs");

        var stop = rig.Sessions.StopAsync(Budget, CancellationToken.None);
        release.SetResult();
        await stop;

        Assert.Equal(["STAT_REPORT", "LEAVE a", "DISCONNECT"], tracker.Verbs.TakeLast(3));
    }

    [Fact]
    public async Task Stopping_without_any_tracker_returns_at_once()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Always(FakeStep.Close);
        var membership = rig.Join(new FakeMember("a"), tracker);
        await rig.PassUntilDoneAsync(membership.FirstAttempt);
        var before = tracker.Requests.Count;

        await rig.Sessions.StopAsync(Budget, CancellationToken.None);

        Assert.Equal(before, tracker.Requests.Count);
    }

    [Fact]
    public async Task Stopping_while_connecting_ends_the_first_attempt()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Always(FakeStep.Silence);
        var membership = rig.Join(new FakeMember("a"), tracker);
        await Eventually.HoldsAsync(() => tracker.Held == 1, "CONNECT hangs");

        var stop = rig.Sessions.StopAsync(Budget, CancellationToken.None);
        await rig.PassUntilAsync(() => stop.IsCompleted, "everything stops");

        Assert.False((await membership.FirstAttempt).IsJoined);
        Assert.Equal(["CONNECT", "DISCONNECT"], tracker.Verbs);
    }

    [Fact]
    public async Task A_tracker_whose_connect_was_given_up_is_told_goodbye_when_it_may_have_registered_the_peer()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.When(m => m is RegisterRequest ? FakeStep.Silence : null);
        var membership = rig.Join(new FakeMember("a"), tracker);
        await Eventually.HoldsAsync(() => tracker.Held == 1, "CONNECT hangs");
        var start = rig.Time.GetTimestamp();

        var leaving = membership.LeaveAsync(CancellationToken.None);
        await rig.PassUntilAsync(() => leaving.IsCompleted, "the swarm is left");
        await rig.RestAsync();

        Assert.Equal(["CONNECT", "DISCONNECT"], tracker.Verbs);
        Assert.InRange(rig.Time.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_connect_that_was_given_up_is_not_undone_where_another_session_is_registered()
    {
        await using var rig = new Rig();
        var (one, two) = (await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
        await rig.JoinAndRestAsync(new FakeMember("a"), one);
        one.When(m => m is RegisterRequest ? FakeStep.Silence : null);
        var other = rig.Join(new FakeMember("b"), one, two);
        await Eventually.HoldsAsync(() => one.Held == 1, "CONNECT hangs");

        var leaving = other.LeaveAsync(CancellationToken.None);
        await rig.PassUntilAsync(() => leaving.IsCompleted, "the swarm is left");
        await rig.RestAsync();

        Assert.DoesNotContain("DISCONNECT", one.Verbs);
    }

    [Fact]
    public async Task A_second_stop_cannot_make_the_first_one_last_longer()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        tracker.Always(FakeStep.Silence);
        var start = rig.Time.GetTimestamp();

        var stop = rig.Sessions.StopAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        var again = rig.Sessions.StopAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        await rig.PassUntilAsync(() => stop.IsCompleted && again.IsCompleted, "everything stops");

        Assert.InRange(rig.Time.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1.1));
    }

    [Fact]
    public async Task A_cancelled_stop_ends_at_once()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        tracker.Always(FakeStep.Silence);
        using var cts = new CancellationTokenSource();

        var stop = rig.Sessions.StopAsync(Budget, cts.Token);
        await Eventually.HoldsAsync(() => tracker.Held == 1, "LEAVE hangs");
        await cts.CancelAsync();

        await stop;
    }

    [Fact]
    public async Task After_stopping_a_join_is_over_from_the_start()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        await rig.Sessions.StopAsync(Budget, CancellationToken.None);
        var before = tracker.Requests.Count;

        await using var same = rig.Join(new FakeMember("b"), tracker);
        await using var other = rig.Join(new FakeMember("c"), tracker, tracker);

        Assert.False((await same.FirstAttempt).IsJoined);
        Assert.False((await other.FirstAttempt).IsJoined);
        Assert.Equal(before, tracker.Requests.Count);
    }

    [Fact]
    public async Task Leaving_the_last_swarm_of_a_silent_tracker_takes_three_seconds_at_most()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        var membership = await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        tracker.Always(FakeStep.Silence);
        var start = rig.Time.GetTimestamp();

        var leaving = membership.LeaveAsync(CancellationToken.None);
        await rig.PassUntilAsync(() => leaving.IsCompleted, "the swarm is left");

        Assert.InRange(rig.Time.GetElapsedTime(start), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Leaving_twice_says_leave_once()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        var membership = await rig.JoinAndRestAsync(new FakeMember("a"), tracker);

        await Task.WhenAll(membership.LeaveAsync(CancellationToken.None), membership.LeaveAsync(CancellationToken.None));
        await membership.DisposeAsync();
        membership.RequestPeers();
        membership.ReportChanged();

        Assert.Single(tracker.Messages<LeaveRequest>());
        Assert.Single(tracker.Messages<QuitRequest>());
    }

    [Fact]
    public async Task Many_swarms_fit_into_the_budget_because_disconnect_speaks_for_all()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        for (var i = 0; i < 30; i++)
        {
            rig.Join(new FakeMember($"s{i}") { WantsPeers = false }, tracker);
        }

        await rig.RestAsync();
        tracker.When(m => m is LeaveRequest
            ? FakeStep.After(Task.Delay(TimeSpan.FromMilliseconds(200), rig.Time), FakeStep.Ok)
            : null);
        var start = rig.Time.GetTimestamp();

        var stop = rig.Sessions.StopAsync(Budget, CancellationToken.None);
        await rig.PassUntilAsync(() => stop.IsCompleted, "everything stops");

        Assert.InRange(rig.Time.GetElapsedTime(start), TimeSpan.Zero, Budget);
        Assert.Equal("DISCONNECT", tracker.Verbs[^1]);
        Assert.InRange(tracker.Messages<LeaveRequest>().Count, 5, 29);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
    }
}
