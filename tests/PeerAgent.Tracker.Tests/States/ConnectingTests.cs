using PeerAgent.Tracker.Tests.Sessions;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.States;

/// <summary>The column <c>connecting</c>: CONNECT is under way.</summary>
public class ConnectingTests
{
    private const string State = "connecting";
    private static readonly string[] AllIsSaid = ["CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT"];

    [Fact]
    [Cell(State, "a swarm is joined")]
    public async Task A_new_swarm_waits_for_the_same_connect()
    {
        await using var stage = await Stage.ConnectingAsync();

        stage.Join(stage.MemberB);
        await stage.ReleaseAsync();

        Assert.Equal(["CONNECT", "JOIN a", "JOIN b"], stage.One.Verbs.Take(3));
        Assert.Single(stage.One.Messages<RegisterRequest>());
    }

    [Fact]
    [Cell(State, "a swarm is left, others stay")]
    public async Task A_swarm_is_left_without_a_word()
    {
        await using var stage = await Stage.ConnectingAsync();
        stage.Join(stage.MemberB);

        await stage.A.DisposeAsync();
        await stage.ReleaseAsync();

        Assert.Equal(["CONNECT", "JOIN b", "FIND_PEER b", "STAT_REPORT"], stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "the last swarm is left")]
    public async Task Without_a_swarm_the_peer_disconnects_once_it_is_connected()
    {
        await using var stage = await Stage.ConnectingAsync();

        var leaving = stage.A.LeaveAsync(CancellationToken.None);
        await stage.ReleaseAsync();
        await leaving;

        Assert.Equal(["CONNECT", "DISCONNECT"], stage.One.Verbs);
        Assert.Empty(stage.Two.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Cell(State, "stop")]
    public async Task A_stop_waits_for_the_grace_and_disconnects_in_either_case(bool isAnswered)
    {
        await using var stage = await Stage.ConnectingAsync();

        var stopping = stage.StopAsync();
        if (isAnswered)
        {
            stage.Release();
        }
        else
        {
            await stage.Rig.PassUntilAsync(() => stopping.IsCompleted, "everything stops");
        }

        await stopping;
        Assert.Equal(["CONNECT", "DISCONNECT"], stage.One.Verbs);
        Assert.Empty(stage.Two.Requests);
    }

    [Fact]
    [Cell(State, "what is under way is accepted")]
    public async Task After_connect_every_swarm_is_joined()
    {
        await using var stage = await Stage.ConnectingAsync();

        await stage.ReleaseAsync();

        Assert.Equal(AllIsSaid, stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "what is under way fails after its retries")]
    public async Task After_a_failure_the_next_tracker_of_the_round_is_asked()
    {
        await using var stage = await Stage.EmptyAsync();
        stage.One.When(_ => FakeStep.Close);
        stage.Hold<RegisterRequest>();
        stage.Join(stage.MemberA);
        await stage.HeldAsync();

        await stage.ReleaseAsync();

        Assert.Equal(["CONNECT"], stage.One.Verbs);
        Assert.Equal(AllIsSaid, stage.Two.Verbs);
    }

    [Fact]
    [Cell(State, "what is under way is answered `403`")]
    public async Task After_a_refusal_the_next_tracker_is_asked_at_once()
    {
        await using var stage = await Stage.EmptyAsync(("Retries", "3"));
        stage.One.Always(FakeStep.Answer(ResponseCode.MessageForbidden));

        stage.Join(stage.MemberA);
        await stage.Rig.RestAsync();

        Assert.Equal(["CONNECT"], stage.One.Verbs);
        Assert.Equal(AllIsSaid, stage.Two.Verbs);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(35)]
    [Cell(State, "a report interval passes")]
    [Cell(State, "a keepalive interval passes in silence")]
    public async Task No_interval_makes_it_say_anything(int seconds)
    {
        await using var stage = await Stage.ConnectingAsync();

        stage.Advance(seconds);
        await stage.ReleaseAsync();

        Assert.Equal(AllIsSaid, stage.One.Verbs);
    }

    [Fact]
    [Cell(State, "a better tier answers again")]
    public async Task A_better_tier_is_not_tried()
    {
        await using var stage = await Stage.EmptyAsync(("FailbackInterval", "00:00:01"));
        var gate = new TaskCompletionSource();
        stage.Two.Hold(m => m is RegisterRequest ? gate.Task : null);
        stage.One.Next(FakeStep.Close);
        stage.Join(stage.MemberA);
        await Eventually.HoldsAsync(() => stage.Two.Held == 1, "CONNECT hangs");

        stage.Advance(20);
        gate.SetResult();
        await stage.Rig.RestAsync();

        Assert.Equal(["CONNECT"], stage.One.Verbs);
        Assert.Equal(AllIsSaid, stage.Two.Verbs);
    }

    [Fact]
    [Cell(State, "FIND_CHUNK is wanted")]
    public async Task Find_chunk_gives_nobody()
    {
        await using var stage = await Stage.ConnectingAsync();
        stage.One.Holders = [Rig.Info("holder")];

        Assert.Empty(await Stage.FindChunkAsync(stage.A));
        await stage.ReleaseAsync();

        Assert.Equal(AllIsSaid, stage.One.Verbs);
    }
}
