using PeerAgent.Tracker.Tests.Sessions;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.States;

/// <summary>The column <c>joining</c>: swarm <c>b</c> is joined beside <c>a</c>.</summary>
public class SwarmJoiningTests
{
    private const string State = "joining";

    private static FakeStep? RefuseB(TrackerRequest message) =>
        message is JoinRequest { SwarmId.Value: "b" } ? FakeStep.Answer(ResponseCode.ObjectNotFound) : null;

    private static async Task<Stage> HangingAsync()
    {
        var stage = await Stage.ConnectedAsync();
        stage.Hold<JoinRequest>();
        return stage;
    }

    [Fact]
    [Cell(State, "its message is accepted")]
    public async Task A_joined_swarm_is_looked_for_and_reported()
    {
        await using var stage = await HangingAsync();
        var b = stage.Join(stage.MemberB);
        await stage.HeldAsync();

        await stage.ReleaseAsync();

        Assert.Equal(["JOIN b", "FIND_PEER b", "STAT_REPORT"], stage.One.Verbs);
        Assert.True((await b.FirstAttempt).IsJoined);
    }

    [Fact]
    [Cell(State, "its message is refused with `404`")]
    public async Task A_refused_swarm_is_joined_again_later_and_later()
    {
        await using var stage = await Stage.ConnectedAsync();
        stage.One.When(RefuseB);
        stage.Join(stage.MemberB);

        await stage.PassAsync(20);
        Assert.Single(stage.One.Messages<JoinRequest>());
        await stage.PassAsync(20);
        Assert.Equal(2, stage.One.Messages<JoinRequest>().Count);
        await stage.PassAsync(40);

        Assert.Equal(2, stage.One.Messages<JoinRequest>().Count);
        Assert.Single(stage.One.Messages<ListRequest>().Select(m => m.SwarmId).Append(Rig.Swarm("a")).Distinct());
        Assert.Empty(stage.Two.Requests);
    }

    [Fact]
    [Cell(State, "its message fails after its retries")]
    public async Task A_swarm_whose_join_fails_is_joined_at_the_next_tracker()
    {
        await using var stage = await Stage.ConnectedAsync();
        stage.One.When(m => m is JoinRequest ? FakeStep.Close : null);

        stage.Join(stage.MemberB);
        await stage.Rig.RestAsync();

        Assert.Equal(["JOIN b"], stage.One.Verbs);
        Assert.Equal(["CONNECT", "JOIN a", "JOIN b"], stage.Two.Verbs.Take(3));
    }

    [Fact]
    [Cell(State, "the caller leaves it")]
    public async Task A_swarm_is_left_when_its_join_is_answered()
    {
        await using var stage = await HangingAsync();
        var b = stage.Join(stage.MemberB);
        await stage.HeldAsync();

        var leaving = b.LeaveAsync(CancellationToken.None);
        await stage.ReleaseAsync();
        await leaving;

        Assert.Equal(["JOIN b", "LEAVE b"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "the session goes to another tracker")]
    public async Task At_another_tracker_a_refused_swarm_is_joined_at_once()
    {
        await using var stage = await Stage.ConnectedAsync();
        stage.One.When(RefuseB);
        stage.Join(stage.MemberB);
        await stage.Rig.RestAsync();
        stage.One.Always(FakeStep.Close);

        await stage.PassAsync(10);

        Assert.Equal(["CONNECT", "JOIN a", "JOIN b"], stage.Two.Verbs.Take(3));
    }

    [Fact]
    [Cell(State, "a report interval passes")]
    public async Task A_swarm_is_not_reported_before_it_is_joined()
    {
        await using var stage = await Stage.ConnectedAsync();
        stage.One.When(RefuseB);
        stage.Join(stage.MemberB);

        await stage.PassAsync(10);

        Assert.Equal(["JOIN b", "STAT_REPORT"], stage.One.Verbs);
        Assert.Equal(["a"], stage.One.Messages<ReportRequest>().Single().StreamStats.Select(s => s.SwarmId.Value));
    }

    [Fact]
    [Cell(State, "its map changes much")]
    public async Task A_change_is_told_by_the_first_report()
    {
        await using var stage = await HangingAsync();
        var b = stage.Join(stage.MemberB);
        await stage.HeldAsync();

        stage.MemberB.Hold(0, 50);
        b.ReportChanged();
        stage.Advance(2);
        Assert.Equal(["JOIN b"], stage.One.Verbs);
        await stage.ReleaseAsync();
        await stage.PassAsync(3);

        Assert.Equal(["JOIN b", "FIND_PEER b", "STAT_REPORT"], stage.One.Verbs);
        Assert.Equal(50, stage.One.Messages<ReportRequest>().Single().ChunkMaps.Single().Levels[0].Segments[0].Count);
    }

    [Fact]
    [Cell(State, "the caller wants peers")]
    public async Task Peers_are_looked_for_once()
    {
        await using var stage = await HangingAsync();
        var b = stage.Join(stage.MemberB);
        await stage.HeldAsync();

        b.RequestPeers();
        await stage.ReleaseAsync();
        await stage.PassAsync(5);

        Assert.Equal(["JOIN b", "FIND_PEER b", "STAT_REPORT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "FIND_CHUNK is wanted")]
    public async Task Find_chunk_gives_nobody()
    {
        await using var stage = await HangingAsync();
        stage.One.Holders = [Rig.Info("holder")];
        var b = stage.Join(stage.MemberB);
        await stage.HeldAsync();

        Assert.Empty(await Stage.FindChunkAsync(b));
        Assert.Equal(["JOIN b"], stage.One.Verbs);
        await stage.ReleaseAsync();
    }
}
