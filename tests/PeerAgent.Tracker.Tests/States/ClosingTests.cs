using PeerAgent.Tracker.Tests.Sessions;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.States;

/// <summary>The column <c>closing</c>: the goodbye is under way, and its first LEAVE is not answered yet.</summary>
public class ClosingTests
{
    private const string State = "closing";
    private const string Short = "00:00:00.100";

    [Fact]
    [Cell(State, "a swarm is joined")]
    public async Task A_new_swarm_calls_the_goodbye_off()
    {
        var (stage, leaving) = await Stage.ClosingAsync();
        await using var end = stage;

        stage.Join(stage.MemberB);
        await stage.ReleaseAsync();
        await leaving;

        Assert.Equal(["LEAVE a", "JOIN b", "FIND_PEER b", "STAT_REPORT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "a swarm is joined")]
    public async Task A_new_swarm_connects_again_when_disconnect_has_gone_out()
    {
        await using var stage = await Stage.ConnectedAsync();
        stage.Hold<QuitRequest>();
        var leaving = stage.A.LeaveAsync(CancellationToken.None);
        await stage.HeldAsync();

        stage.Join(stage.MemberB);
        await stage.ReleaseAsync();
        await leaving;

        Assert.Equal(["LEAVE a", "DISCONNECT", "CONNECT", "JOIN b", "FIND_PEER b", "STAT_REPORT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "a swarm is joined")]
    public async Task A_swarm_that_is_new_after_a_stop_is_over_from_the_start()
    {
        var (stage, _, stopping) = await Stage.StoppingAsync();
        await using var end = stage;

        var late = stage.Join(new FakeMember("c"));
        stage.Release();
        await stopping;

        Assert.False((await late.FirstAttempt).IsJoined);
        Assert.Equal(["LEAVE a", "LEAVE b", "DISCONNECT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "a swarm is left, others stay")]
    public async Task A_swarm_that_is_left_meanwhile_is_left_once()
    {
        var (stage, b, stopping) = await Stage.StoppingAsync();
        await using var end = stage;

        var leaving = b.LeaveAsync(CancellationToken.None);
        stage.Release();
        await stopping;
        await leaving;

        Assert.Equal(["LEAVE a", "LEAVE b", "DISCONNECT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "the last swarm is left")]
    public async Task The_last_swarm_is_left_once()
    {
        var (stage, leaving) = await Stage.ClosingAsync();
        await using var end = stage;

        var again = stage.A.LeaveAsync(CancellationToken.None);
        await stage.ReleaseAsync();
        await Task.WhenAll(leaving, again);

        Assert.Equal(["LEAVE a", "DISCONNECT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "stop")]
    public async Task A_stop_shortens_the_goodbye_and_leaves_time_for_disconnect()
    {
        var (stage, leaving) = await Stage.ClosingAsync();
        await using var end = stage;
        var start = stage.Rig.Time.GetTimestamp();

        var stopping = stage.StopAsync(seconds: 1);
        await stage.Rig.PassUntilAsync(() => stopping.IsCompleted, "everything stops");
        await Task.WhenAll(leaving, stopping);

        Assert.InRange(stage.Rig.Time.GetElapsedTime(start), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1));
        Assert.Equal(["LEAVE a", "DISCONNECT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "what is under way is accepted")]
    public async Task The_goodbye_goes_on_and_the_session_ends()
    {
        var (stage, leaving) = await Stage.ClosingAsync();
        await using var end = stage;

        await stage.ReleaseAsync();
        await leaving;
        await stage.Rig.PassAsync(TimeSpan.FromHours(1));

        Assert.Equal(["LEAVE a", "DISCONNECT"], stage.One.Verbs);
        Assert.Empty(stage.Rig.Sessions.Status);
    }

    [Fact]
    [Cell(State, "what is under way fails after its retries")]
    public async Task After_a_failure_only_disconnect_is_sent()
    {
        await using var stage = await Stage.ConnectedAsync();
        await stage.JoinBAsync();
        stage.One.When(m => m is LeaveRequest ? FakeStep.Close : null);

        await stage.StopAsync();

        Assert.Equal(["LEAVE a", "DISCONNECT"], stage.One.Verbs);
        Assert.Empty(stage.Two.Requests);
    }

    [Fact]
    [Cell(State, "what is under way is answered `403`")]
    public async Task A_tracker_that_forgot_is_not_told_again()
    {
        await using var stage = await Stage.ConnectedAsync();
        await stage.JoinBAsync();
        stage.One.Forget();

        await stage.StopAsync();

        Assert.Equal(["LEAVE a", "LEAVE b", "DISCONNECT"], stage.One.Verbs);
        Assert.Empty(stage.Two.Requests);
    }

    [Theory]
    [InlineData("StatReportInterval")]
    [InlineData("KeepAliveInterval")]
    [Cell(State, "a report interval passes")]
    [Cell(State, "a keepalive interval passes in silence")]
    public async Task No_interval_makes_it_say_anything(string interval)
    {
        var (stage, leaving) = await Stage.ClosingAsync((interval, Short));
        await using var end = stage;

        stage.Advance(1);
        await stage.ReleaseAsync();
        await leaving;

        Assert.Equal(["LEAVE a", "DISCONNECT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "a better tier answers again")]
    public async Task A_better_tier_is_not_tried()
    {
        await using var stage = await Stage.ConnectedAtSecondAsync(("FailbackInterval", Short));
        var gate = new TaskCompletionSource();
        stage.Two.Hold(m => m is LeaveRequest ? gate.Task : null);
        var leaving = stage.A.LeaveAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => stage.Two.Held == 1, "LEAVE hangs");

        stage.Advance(1);
        gate.SetResult();
        await leaving;

        Assert.Empty(stage.One.Requests);
        Assert.Equal(["LEAVE a", "DISCONNECT"], stage.Two.Verbs);
    }

    [Fact]
    [Cell(State, "FIND_CHUNK is wanted")]
    public async Task Find_chunk_gives_nobody()
    {
        var (stage, b, stopping) = await Stage.StoppingAsync();
        await using var end = stage;
        stage.One.Holders = [Rig.Info("holder")];

        Assert.Empty(await Stage.FindChunkAsync(b));
        stage.Release();
        await stopping;

        Assert.Empty(stage.One.Messages<ChunkListRequest>());
    }
}
