using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Tests.Transfer;

public sealed class FetchGateTests
{
    [Fact]
    public async Task What_lies_ahead_gets_half_of_the_places_and_a_player_always_finds_one()
    {
        var gate = new FetchGate(4);
        var ahead = Enter(gate, Urgency.Ahead, 5);
        var soon = Enter(gate, Urgency.Soon, 5);
        var waited = Enter(gate, Urgency.Waited, 1);

        Assert.Equal(2, ahead.Count(t => t.IsCompleted));
        Assert.Equal(1, soon.Count(t => t.IsCompleted));
        Assert.All(waited, t => Assert.True(t.IsCompleted));
        Assert.True(gate.IsWaitedFor(TimeSpan.Zero));

        (await waited[0]).Dispose();
        Assert.False(gate.IsWaitedFor(TimeSpan.Zero));
        Assert.Equal(1, soon.Count(t => t.IsCompleted));
    }

    [Fact]
    public async Task The_most_urgent_goes_first_whoever_came_first()
    {
        var gate = new FetchGate(1);
        var inside = Enter(gate, Urgency.Waited, 1)[0];
        var ahead = gate.EnterAsync(new Guest(Urgency.Ahead), default);
        var late = gate.EnterAsync(new Guest(Urgency.Soon) { Due = TimeSpan.FromSeconds(9) }, default);
        var early = gate.EnterAsync(new Guest(Urgency.Soon) { Due = TimeSpan.FromSeconds(3) }, default);

        (await inside).Dispose();
        await early;
        Assert.False(late.IsCompleted);
        (await early).Dispose();
        (await late).Dispose();
        (await ahead).Dispose();
    }

    [Fact]
    public async Task One_that_a_player_now_waits_for_overtakes()
    {
        var gate = new FetchGate(2);
        var guest = new Guest(Urgency.Ahead);
        var first = Enter(gate, Urgency.Ahead, 1)[0];
        var second = gate.EnterAsync(guest, default);
        await first;
        Assert.False(second.IsCompleted);

        guest.Urgency = Urgency.Waited;
        gate.LetIn();

        await second;
    }

    [Fact]
    public async Task A_player_whose_chunk_nobody_has_holds_nobody_up()
    {
        var gate = new FetchGate(4);
        using var stay = await gate.EnterAsync(new Guest(Urgency.Waited) { IsAtWork = false }, default);

        Assert.False(gate.IsWaitedFor(TimeSpan.Zero));
    }

    [Fact]
    public async Task Who_goes_away_leaves_the_line()
    {
        var gate = new FetchGate(1);
        var inside = await Enter(gate, Urgency.Waited, 1)[0];
        using var leaving = new CancellationTokenSource();
        var gone = gate.EnterAsync(new Guest(Urgency.Waited), leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        inside.Dispose();
        inside.Dispose();
        (await gate.EnterAsync(new Guest(Urgency.Ahead), default)).Dispose();
    }

    private static List<Task<IDisposable>> Enter(FetchGate gate, Urgency urgency, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => gate.EnterAsync(new Guest(urgency), default))];

    private sealed class Guest(Urgency urgency) : IGateGuest
    {
        public Urgency Urgency { get; set; } = urgency;

        public TimeSpan Due { get; init; }

        public bool IsAtWork { get; init; } = true;
    }
}
