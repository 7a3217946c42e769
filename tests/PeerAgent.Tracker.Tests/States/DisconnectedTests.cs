using PeerAgent.Tracker.Tests.Sessions;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.States;

/// <summary>The column <c>disconnected</c>: a round has failed, and the session waits for the next one.</summary>
public class DisconnectedTests
{
    private const string State = "disconnected";

    [Fact]
    [Cell(State, "a swarm is joined")]
    public async Task A_new_swarm_begins_the_next_round_now()
    {
        await using var stage = await Stage.DisconnectedAsync();

        stage.Join(stage.MemberB);
        await stage.Rig.RestAsync();

        Assert.Equal(["CONNECT", "JOIN a", "JOIN b"], stage.One.Verbs.Take(3));
    }

    [Fact]
    [Cell(State, "a swarm is left, others stay")]
    public async Task A_swarm_is_left_without_a_word()
    {
        await using var stage = await Stage.DisconnectedAsync();
        stage.One.Always(FakeStep.Close);
        stage.Two.Always(FakeStep.Close);
        await stage.JoinBAsync();

        await stage.A.DisposeAsync();
        Assert.Empty(stage.One.Requests);
        stage.One.Always(null);
        await stage.PassAsync(5);

        Assert.Equal(["CONNECT", "JOIN b", "FIND_PEER b", "STAT_REPORT"], stage.One.Verbs.Take(4));
    }

    [Fact]
    [Cell(State, "the last swarm is left")]
    public async Task Without_a_swarm_the_session_ends_without_a_word()
    {
        await using var stage = await Stage.DisconnectedAsync();

        await stage.A.DisposeAsync();
        await stage.Rig.PassAsync(TimeSpan.FromHours(1));

        Assert.Empty(stage.One.Requests);
        Assert.Empty(stage.Two.Requests);
        Assert.Empty(stage.Rig.Sessions.Status);
    }

    [Fact]
    [Cell(State, "stop")]
    public async Task A_stop_ends_the_session_without_a_word()
    {
        await using var stage = await Stage.DisconnectedAsync();

        await stage.StopAsync();
        stage.Advance(3600);

        Assert.Empty(stage.One.Requests);
        Assert.Empty(stage.Two.Requests);
    }

    [Theory]
    [InlineData(ResponseCode.Ok)]
    [InlineData(ResponseCode.InternalError)]
    [InlineData(ResponseCode.MessageForbidden)]
    [Cell(State, "what is under way is accepted")]
    [Cell(State, "what is under way fails after its retries")]
    [Cell(State, "what is under way is answered `403`")]
    public async Task Whatever_a_tracker_would_answer_nothing_is_under_way(ResponseCode code)
    {
        await using var stage = await Stage.DisconnectedAsync();
        stage.One.Always(FakeStep.Answer(code));

        await stage.Rig.PassAsync(TimeSpan.FromSeconds(0.7));
        Assert.Empty(stage.One.Requests);
        Assert.Empty(stage.Two.Requests);
        await stage.Rig.PassAsync(TimeSpan.FromSeconds(0.6));

        Assert.Equal("CONNECT", stage.One.Verbs[0]);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(35)]
    [Cell(State, "a report interval passes")]
    [Cell(State, "a keepalive interval passes in silence")]
    public async Task No_interval_makes_it_say_anything_but_connect(int seconds)
    {
        await using var stage = await Stage.DisconnectedAsync();
        stage.One.Always(FakeStep.Close);
        stage.Two.Always(FakeStep.Close);

        await stage.PassAsync(seconds);

        Assert.All([.. stage.One.Verbs, .. stage.Two.Verbs], v => Assert.Equal("CONNECT", v));
        Assert.NotEmpty(stage.Two.Verbs);
    }

    [Fact]
    [Cell(State, "a better tier answers again")]
    public async Task The_next_round_asks_the_better_tier_first()
    {
        await using var stage = await Stage.DisconnectedAsync();

        await stage.PassAsync(2);

        Assert.Equal(["CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT"], stage.One.Verbs);
        Assert.Empty(stage.Two.Requests);
    }

    [Fact]
    [Cell(State, "FIND_CHUNK is wanted")]
    public async Task Find_chunk_gives_nobody()
    {
        await using var stage = await Stage.DisconnectedAsync();
        stage.One.Holders = [Rig.Info("holder")];

        Assert.Empty(await Stage.FindChunkAsync(stage.A));
        Assert.Empty(stage.One.Requests);
    }
}
