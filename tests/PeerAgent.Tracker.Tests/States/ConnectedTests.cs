using PeerAgent.Tracker.Tests.Sessions;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.States;

/// <summary>The column <c>connected</c>: a tracker serves.</summary>
public class ConnectedTests
{
    private const string State = "connected";
    private static readonly string[] AllAgain = ["CONNECT", "JOIN a", "STAT_REPORT", "FIND_PEER a"];

    [Fact]
    [Cell(State, "a swarm is joined")]
    public async Task A_new_swarm_is_joined_looked_for_and_reported()
    {
        await using var stage = await Stage.ConnectedAsync();

        stage.Join(stage.MemberB);
        await stage.Rig.RestAsync();

        Assert.Equal(["JOIN b", "FIND_PEER b", "STAT_REPORT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "a swarm is left, others stay")]
    public async Task A_swarm_is_left()
    {
        await using var stage = await Stage.ConnectedAsync();
        await stage.JoinBAsync();

        await stage.A.DisposeAsync();
        await stage.PassAsync(10);

        Assert.Equal(["LEAVE a", "STAT_REPORT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "the last swarm is left")]
    public async Task The_last_swarm_is_left_and_the_peer_disconnects()
    {
        await using var stage = await Stage.ConnectedAsync();

        await stage.A.DisposeAsync();

        Assert.Equal(["LEAVE a", "DISCONNECT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "stop")]
    public async Task A_stop_leaves_every_swarm_and_disconnects()
    {
        await using var stage = await Stage.ConnectedAsync();
        await stage.JoinBAsync();

        await stage.StopAsync();

        Assert.Equal(["LEAVE a", "LEAVE b", "DISCONNECT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "what is under way is accepted")]
    public async Task The_next_message_waits_for_the_one_under_way()
    {
        await using var stage = await Stage.ConnectedAsync();
        stage.Hold<ReportRequest>();
        stage.Advance(10);
        await stage.HeldAsync();

        stage.Join(stage.MemberB);
        Assert.Equal(["STAT_REPORT"], stage.One.Verbs);
        await stage.ReleaseAsync();

        Assert.Equal(["STAT_REPORT", "JOIN b", "FIND_PEER b", "STAT_REPORT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "what is under way fails after its retries")]
    public async Task After_a_failure_the_next_tracker_is_told_everything()
    {
        await using var stage = await Stage.ConnectedAsync();
        stage.One.Always(FakeStep.Close);

        await stage.PassAsync(10);

        Assert.Equal(["STAT_REPORT"], stage.One.Verbs);
        Assert.Equal(AllAgain, stage.Two.Verbs);
    }

    [Fact]
    [Cell(State, "what is under way is answered `403`")]
    public async Task A_tracker_that_forgot_is_told_everything_again()
    {
        await using var stage = await Stage.ConnectedAsync();
        stage.One.Forget();

        await stage.PassAsync(10);

        Assert.Equal(["STAT_REPORT", .. AllAgain], stage.One.Verbs);
        Assert.Empty(stage.Two.Requests);
    }

    [Fact]
    [Cell(State, "a report interval passes")]
    public async Task A_report_is_sent_every_interval()
    {
        await using var stage = await Stage.ConnectedAsync();

        await stage.PassAsync(9);
        Assert.Empty(stage.One.Requests);
        await stage.PassAsync(1);

        Assert.Equal(["STAT_REPORT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "a keepalive interval passes in silence")]
    public async Task Keepalive_is_sent_after_an_interval_without_a_message()
    {
        await using var stage = await Stage.ConnectedAsync(("StatReportInterval", "01:00:00"));

        await stage.PassAsync(29);
        Assert.Empty(stage.One.Requests);
        await stage.PassAsync(1);

        Assert.Equal(["KEEPALIVE"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "a better tier answers again")]
    public async Task A_better_tier_is_taken_back_after_its_second_answer()
    {
        await using var stage = await Stage.ConnectedAtSecondAsync(("FailbackInterval", "00:00:20"));

        await stage.PassAsync(20);
        Assert.Equal(["KEEPALIVE"], stage.One.Verbs);
        Assert.DoesNotContain("DISCONNECT", stage.Two.Verbs);
        await stage.PassAsync(20);

        Assert.Equal(["KEEPALIVE", "KEEPALIVE", .. AllAgain], stage.One.Verbs);
        Assert.Equal("DISCONNECT", stage.Two.Verbs[^1]);
    }

    [Fact]
    [Cell(State, "FIND_CHUNK is wanted")]
    public async Task Find_chunk_is_asked()
    {
        await using var stage = await Stage.ConnectedAsync();
        stage.One.Holders = [Rig.Info("holder")];

        Assert.Single(await Stage.FindChunkAsync(stage.A));
        Assert.Equal(["FIND_CHUNK a"], stage.One.Verbs);
    }
}
