using PeerAgent.Swarm.Http;
using PeerAgent.Swarm.Tests.Scene;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Tests.Http;

public sealed class OriginRateTests : IDisposable
{
    private const int Rate = 10_000;
    private const int Piece = 1_000;

    private readonly ManualTime _time = new();
    private readonly OriginRate _rate;

    public OriginRateTests() => _rate = new OriginRate(new OriginOptions { MaxBytesPerSecond = Rate }, new Clock(_time));

    private static SwarmId One => Named.Swarm("one");

    private static SwarmId Two => Named.Swarm("two");

    public void Dispose() => _rate.Dispose();

    [Fact]
    public void Without_a_limit_nothing_waits()
    {
        using var rate = new OriginRate(new OriginOptions(), new Clock(_time));

        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(rate.PayAsync(One, 1 << 20, default).AsTask().IsCompletedSuccessfully));
        Assert.False(rate.IsUsedUp);
    }

    [Fact]
    public async Task The_sum_stays_at_the_limit()
    {
        var paid = 0;
        var all = Enumerable.Range(0, 8).Select(i => PayAsync(Named.Swarm($"s{i}"), 40, () => Interlocked.Add(ref paid, Piece))).ToList();

        await RunAsync(TimeSpan.FromSeconds(10), () => all.Exists(t => t.IsCompleted));
        var seconds = _time.GetTimestamp() / (double)TimeSpan.TicksPerSecond;

        // A quarter of a second's worth may be had at once, and one piece is read before it is paid for.
        Assert.InRange(paid, (Rate * seconds) - (2 * Piece), (Rate * (seconds + 0.25)) + (2 * Piece));
    }

    [Fact]
    public async Task A_stream_with_one_transfer_gets_as_many_turns_as_one_with_many()
    {
        int one = 0, two = 0;
        using var end = new CancellationTokenSource();
        var greedy = Enumerable.Range(0, 20).Select(_ => PayAsync(One, 1000, () => Interlocked.Increment(ref one), end.Token)).ToList();
        var modest = PayAsync(Two, 50, () => Interlocked.Increment(ref two), end.Token);

        await RunAsync(TimeSpan.FromSeconds(20), () => modest.IsCompleted);
        await end.CancelAsync();
        await Task.WhenAll(greedy);

        Assert.Equal(50, two);
        Assert.InRange(one, 30, 80);
    }

    [Fact]
    public async Task Who_goes_away_pays_and_holds_nobody_up()
    {
        await _rate.PayAsync(One, Rate, default);
        using var end = new CancellationTokenSource();
        var gone = _rate.PayAsync(One, Piece, end.Token).AsTask();
        var next = _rate.PayAsync(Two, Piece, default).AsTask();
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        Assert.True(_rate.IsUsedUp);
        _time.Advance(TimeSpan.FromSeconds(0.8));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.3));
        await next;
    }

    private async Task PayAsync(SwarmId stream, int times, Action paid, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        try
        {
            for (var i = 0; i < times; i++)
            {
                await _rate.PayAsync(stream, Piece, cancellationToken);
                paid();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The test has seen enough.
        }
    }

    /// <summary>Lets time pass in small steps, with the payers' turns between them.</summary>
    private async Task RunAsync(TimeSpan most, Func<bool> isOver)
    {
        var step = TimeSpan.FromMilliseconds(20);
        for (var passed = TimeSpan.Zero; passed < most && !isOver(); passed += step)
        {
            _time.Advance(step);
            await TimeProvider.System.RestAsync(TimeSpan.FromMilliseconds(2));
        }
    }
}
