using PeerAgent.Tracker.Tests.Sessions;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.States;

/// <summary>The column <c>joined</c>: swarm <c>b</c> was joined beside <c>a</c>.</summary>
public class SwarmJoinedTests
{
    private const string State = "joined";
    private static readonly string[] AllAgain = ["CONNECT", "JOIN a", "JOIN b", "STAT_REPORT", "FIND_PEER a"];

    [Fact]
    [Cell(State, "its message is accepted")]
    public async Task Peers_that_were_found_go_to_the_caller()
    {
        await using var stage = await Stage.ConnectedAsync();
        var b = await stage.JoinBAsync();
        stage.One.Peers = [Rig.Info("other")];

        b.RequestPeers();
        await stage.PassAsync(3);

        Assert.Equal(["other"], stage.MemberB.Found[^1].Select(p => p.PeerId.Value));
        Assert.Equal(["FIND_PEER b"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "its message is refused with `404`")]
    public async Task A_swarm_that_the_tracker_does_not_know_means_that_it_forgot()
    {
        await using var stage = await Stage.ConnectedAsync();
        var b = await stage.JoinBAsync();
        stage.One.Next(FakeStep.Answer(ResponseCode.ObjectNotFound));

        b.RequestPeers();
        await stage.PassAsync(3);

        Assert.Equal(["FIND_PEER b", .. AllAgain, "FIND_PEER b"], stage.One.Verbs);
        Assert.Empty(stage.Two.Requests);
    }

    [Fact]
    [Cell(State, "its message fails after its retries")]
    public async Task After_a_failure_it_is_joined_at_the_next_tracker()
    {
        await using var stage = await Stage.ConnectedAsync();
        var b = await stage.JoinBAsync();
        stage.One.Always(FakeStep.Close);

        b.RequestPeers();
        await stage.PassAsync(3);

        Assert.Equal(["FIND_PEER b"], stage.One.Verbs);
        Assert.Equal([.. AllAgain, "FIND_PEER b"], stage.Two.Verbs);
    }

    [Fact]
    [Cell(State, "the caller leaves it")]
    public async Task A_swarm_is_left()
    {
        await using var stage = await Stage.ConnectedAsync();
        var b = await stage.JoinBAsync();

        await b.DisposeAsync();

        Assert.Equal(["LEAVE b"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "the session goes to another tracker")]
    public async Task At_a_better_tracker_it_is_joined_reported_and_looked_for()
    {
        await using var stage = await Stage.ConnectedAtSecondAsync(("FailbackInterval", "00:00:20"));
        await stage.JoinBAsync();

        await stage.PassAsync(42);

        Assert.Equal([.. AllAgain, "FIND_PEER b"], stage.One.Verbs.Skip(2));
        Assert.Equal(["a", "b"], stage.One.Messages<ReportRequest>()[0].StreamStats.Select(s => s.SwarmId.Value));
    }

    [Fact]
    [Cell(State, "a report interval passes")]
    public async Task It_is_reported_with_the_others()
    {
        await using var stage = await Stage.ConnectedAsync();
        await stage.JoinBAsync();

        await stage.PassAsync(10);

        Assert.Equal(["STAT_REPORT"], stage.One.Verbs);
        Assert.Equal(["a", "b"], stage.One.Messages<ReportRequest>().Single().StreamStats.Select(s => s.SwarmId.Value));
    }

    [Fact]
    [Cell(State, "its map changes much")]
    public async Task A_change_is_reported_a_second_later_without_the_others()
    {
        await using var stage = await Stage.ConnectedAsync();
        var b = await stage.JoinBAsync();

        stage.MemberB.Hold(0, 50);
        b.ReportChanged();
        await stage.Rig.PassAsync(TimeSpan.FromSeconds(0.9));
        Assert.Empty(stage.One.Requests);
        await stage.Rig.PassAsync(TimeSpan.FromSeconds(0.2));

        Assert.Equal(["b"], stage.One.Messages<ReportRequest>().Single().StreamStats.Select(s => s.SwarmId.Value));
    }

    [Fact]
    [Cell(State, "the caller wants peers")]
    public async Task Peers_are_looked_for_two_seconds_after_the_last_time()
    {
        await using var stage = await Stage.ConnectedAsync();
        var b = await stage.JoinBAsync();

        b.RequestPeers();
        await stage.PassAsync(1);
        Assert.Empty(stage.One.Requests);
        await stage.PassAsync(1);

        Assert.Equal(["FIND_PEER b"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "FIND_CHUNK is wanted")]
    public async Task Find_chunk_is_asked()
    {
        await using var stage = await Stage.ConnectedAsync();
        var b = await stage.JoinBAsync();
        stage.One.Holders = [Rig.Info("holder")];

        Assert.Single(await Stage.FindChunkAsync(b));
        Assert.Equal(["FIND_CHUNK b"], stage.One.Verbs);
    }
}
