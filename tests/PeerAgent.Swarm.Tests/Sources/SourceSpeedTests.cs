using PeerAgent.Swarm.Sources;

namespace PeerAgent.Swarm.Tests.Sources;

public sealed class SourceSpeedTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly SourceSpeed _speed = new();

    [Fact]
    public void The_first_transfer_is_taken_as_it_is()
    {
        _speed.Observe(Second / 10, 50_000, Second / 2, default);

        Assert.Equal(100_000, _speed.BytesPerSecond!.Value, 1);
        Assert.Equal(0.1, _speed.Latency!.Value.TotalSeconds, 6);
    }

    [Fact]
    public void A_few_bytes_say_little()
    {
        _speed.Observe(default, 100_000, Second, default);

        _speed.Observe(default, 1_000, Second / 1000, default);

        Assert.InRange(_speed.BytesPerSecond!.Value, 100_000, 110_000);
    }

    [Fact]
    public void What_took_long_counts_however_little_came()
    {
        _speed.Observe(default, 100_000, Second, default);

        for (var i = 0; i < 12; i++)
        {
            _speed.Observe(Second, 0, Second, default);
        }

        Assert.InRange(_speed.BytesPerSecond!.Value, 1, 5_000);
    }

    [Fact]
    public void A_transfer_that_says_nothing_of_the_rate_changes_only_the_latency()
    {
        _speed.Observe(default, 100_000, Second, default);

        _speed.Observe(Second, 0, TimeSpan.Zero, default);

        Assert.Equal(100_000, _speed.BytesPerSecond!.Value, 1);
        Assert.True(_speed.Latency > TimeSpan.Zero);
    }

    [Fact]
    public void Signs_of_life_in_place_of_a_chunk_that_had_time_say_nothing_of_somebody_unknown()
    {
        _speed.Observe(default, 2_500, 2 * Second, default, hadTime: true);

        Assert.Null(_speed.BytesPerSecond);

        _speed.Observe(default, 16_000, 2 * Second, default, hadTime: true);

        Assert.Equal(8_000, _speed.BytesPerSecond!.Value, 1);
    }

    [Fact]
    public void Who_is_so_slow_with_what_is_due_is_slow()
    {
        _speed.Observe(default, 2_500, 2 * Second, default);

        Assert.Equal(1_250, _speed.BytesPerSecond!.Value, 1);
    }

    [Fact]
    public void What_had_time_says_only_how_fast_it_is_at_least()
    {
        _speed.Observe(Second / 10, 100_000, Second, default);

        _speed.Observe(Second, 1_000, Second, default, hadTime: true);

        Assert.Equal(100_000, _speed.BytesPerSecond!.Value, 1);
        Assert.Equal(0.1, _speed.Latency!.Value.TotalSeconds, 6);

        _speed.Observe(Second / 20, 1_000_000, Second, default, hadTime: true);

        Assert.True(_speed.BytesPerSecond > 100_000);
        Assert.True(_speed.Latency < Second / 10);
    }

    [Fact]
    public void What_was_seen_grows_old()
    {
        Assert.True(_speed.IsOldAt(Second));

        _speed.Observe(default, 100_000, Second, Second);

        Assert.False(_speed.IsOldAt(Second * 2));
        Assert.True(_speed.IsOldAt(Second * 5));
    }
}
