using PeerAgent.Tracker.Sessions;
using PeerAgent.Tracker.Tests.Sessions;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.States;

/// <summary>The column <c>leaving</c>: the LEAVE of swarm <c>b</c> is under way, <c>a</c> stays.</summary>
public class SwarmLeavingTests
{
    private const string State = "leaving";

    private static async Task<(Stage Stage, SwarmMembership B, Task Leaving)> HangingAsync(params (string Key, string Value)[] settings)
    {
        var stage = await Stage.ConnectedAsync(settings);
        var b = await stage.JoinBAsync();
        stage.Hold<LeaveRequest>();
        var leaving = b.LeaveAsync(CancellationToken.None);
        await stage.HeldAsync();
        return (stage, b, leaving);
    }

    [Fact]
    [Cell(State, "its message is accepted")]
    public async Task A_swarm_is_left_with_the_answer()
    {
        var (stage, _, leaving) = await HangingAsync();
        await using var end = stage;
        Assert.False(leaving.IsCompleted);

        await stage.ReleaseAsync();
        await leaving;
        await stage.PassAsync(10);

        Assert.Equal(["LEAVE b", "STAT_REPORT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "its message is refused with `404`")]
    public async Task A_swarm_that_the_tracker_does_not_know_is_left()
    {
        await using var stage = await Stage.ConnectedAsync();
        var b = await stage.JoinBAsync();
        stage.One.Next(FakeStep.Answer(ResponseCode.ObjectNotFound));

        await b.DisposeAsync();
        await stage.PassAsync(10);

        Assert.Equal(["LEAVE b", "STAT_REPORT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "its message fails after its retries")]
    public async Task Without_an_answer_it_is_left_and_the_tracker_stays()
    {
        await using var stage = await Stage.ConnectedAsync();
        var b = await stage.JoinBAsync();
        stage.One.Next(FakeStep.Close);

        await b.DisposeAsync();
        await stage.PassAsync(10);

        Assert.Equal(["LEAVE b", "STAT_REPORT"], stage.One.Verbs);
        Assert.Empty(stage.Two.Requests);
    }

    [Fact]
    [Cell(State, "the caller leaves it")]
    public async Task It_is_left_once()
    {
        var (stage, b, leaving) = await HangingAsync();
        await using var end = stage;

        var again = b.LeaveAsync(CancellationToken.None);
        await stage.ReleaseAsync();
        await Task.WhenAll(leaving, again);

        Assert.Equal(["LEAVE b"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "the session goes to another tracker")]
    public async Task At_another_tracker_there_is_nothing_to_leave()
    {
        await using var stage = await Stage.ConnectedAsync();
        var b = await stage.JoinBAsync();
        stage.One.Next(FakeStep.Close);
        stage.Hold<ReportRequest>();
        stage.Advance(10);
        await stage.HeldAsync();

        var leaving = b.LeaveAsync(CancellationToken.None);
        await stage.ReleaseAsync();
        await leaving;

        Assert.Equal(["STAT_REPORT"], stage.One.Verbs);
        Assert.Equal(["CONNECT", "JOIN a", "STAT_REPORT", "FIND_PEER a"], stage.Two.Verbs);
    }

    [Fact]
    [Cell(State, "a report interval passes")]
    public async Task It_is_not_reported_any_more()
    {
        var (stage, _, leaving) = await HangingAsync(("StatReportInterval", "00:00:01"));
        await using var end = stage;

        stage.Advance(1.5);
        await stage.ReleaseAsync();
        await leaving;

        Assert.Equal(["LEAVE b", "STAT_REPORT"], stage.One.Verbs);
        Assert.Equal(["a"], stage.One.Messages<ReportRequest>().Single().StreamStats.Select(s => s.SwarmId.Value));
    }

    [Fact]
    [Cell(State, "its map changes much")]
    public async Task A_change_is_not_reported()
    {
        var (stage, b, leaving) = await HangingAsync();
        await using var end = stage;

        stage.MemberB.Hold(0, 50);
        b.ReportChanged();
        stage.Advance(1.5);
        await stage.ReleaseAsync();
        await leaving;

        Assert.Equal(["LEAVE b"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "the caller wants peers")]
    public async Task Nobody_is_looked_for()
    {
        var (stage, b, leaving) = await HangingAsync();
        await using var end = stage;

        b.RequestPeers();
        await stage.ReleaseAsync();
        await leaving;
        await stage.PassAsync(5);

        Assert.Equal(["LEAVE b"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "FIND_CHUNK is wanted")]
    public async Task Find_chunk_gives_nobody()
    {
        var (stage, b, leaving) = await HangingAsync();
        await using var end = stage;
        stage.One.Holders = [Rig.Info("holder")];

        Assert.Empty(await Stage.FindChunkAsync(b));
        await stage.ReleaseAsync();
        await leaving;

        Assert.Equal(["LEAVE b"], stage.One.Verbs);
    }
}
