using PeerAgent.Swarm.Sources;

namespace PeerAgent.Swarm.Tests.Sources;

public sealed class SourceHealthTests
{
    private readonly SourceHealth _health = new(TimeSpan.FromSeconds(5));

    [Fact]
    public void Pauses_after_failures_double_up_to_a_minute_and_end_with_a_success()
    {
        var now = TimeSpan.FromHours(1);
        _health.Succeeded();
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            _health.Failed(now, "failed");
            Assert.Equal(SourceState.Resting, _health.StateAt(now + TimeSpan.FromSeconds(seconds - 0.1)));
            Assert.Equal(SourceState.Usable, _health.StateAt(now + TimeSpan.FromSeconds(seconds)));
        }

        _health.Succeeded();
        Assert.Equal(SourceState.Usable, _health.StateAt(now));
        Assert.Equal(0, _health.Failures);
    }

    [Fact]
    public void Who_has_never_delivered_rests_for_longer_unless_nobody_else_has_what_is_wanted()
    {
        var now = TimeSpan.FromHours(1);
        foreach (var (first, rests) in new[] { (1, 5), (2, 10), (4, 20), (8, 40), (16, 60), (32, 60), (60, 60) })
        {
            _health.Failed(now, "failed");
            Assert.False(_health.IsLastResort(now + TimeSpan.FromSeconds(first - 0.1)));
            Assert.Equal(rests > first, _health.IsLastResort(now + TimeSpan.FromSeconds(first)));
            Assert.Equal(SourceState.Resting, _health.StateAt(now + TimeSpan.FromSeconds(rests - 0.1)));
            Assert.Equal(SourceState.Usable, _health.StateAt(now + TimeSpan.FromSeconds(rests)));
        }
    }

    [Fact]
    public void Nobody_is_a_last_resort_who_is_banned_or_chokes_or_asked_for_time()
    {
        _health.Failed(TimeSpan.Zero, "failed");
        _health.Busy(TimeSpan.Zero, TimeSpan.FromSeconds(3), "busy");
        Assert.False(_health.IsLastResort(TimeSpan.FromSeconds(2)));
        Assert.True(_health.IsLastResort(TimeSpan.FromSeconds(3)));

        _health.Choked(TimeSpan.Zero, "choke");
        Assert.False(_health.IsLastResort(TimeSpan.FromSeconds(3)));
        _health.Unchoked();

        _health.Ban("lied");
        Assert.False(_health.IsLastResort(TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public void A_choke_holds_for_a_minute_or_until_it_is_taken_back()
    {
        _health.Choked(TimeSpan.Zero, "choke");
        Assert.Equal(SourceState.Choked, _health.StateAt(TimeSpan.FromSeconds(59)));
        Assert.Equal(SourceState.Usable, _health.StateAt(TimeSpan.FromSeconds(60)));
        _health.Choked(TimeSpan.Zero, "choke");
        _health.Unchoked();

        Assert.Equal(SourceState.Usable, _health.StateAt(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Being_busy_is_no_failure()
    {
        _health.Busy(TimeSpan.Zero, TimeSpan.FromSeconds(5), "busy");

        Assert.Equal(SourceState.Busy, _health.StateAt(TimeSpan.FromSeconds(4)));
        Assert.Equal(SourceState.Usable, _health.StateAt(TimeSpan.FromSeconds(5)));
        Assert.Equal(0, _health.Failures);
    }

    [Fact]
    public void Once_or_twice_not_to_have_what_a_map_says_is_no_failure_the_third_time_it_is()
    {
        _health.Missed(TimeSpan.Zero, "has not got it");
        _health.Missed(TimeSpan.Zero, "has not got it");
        Assert.Equal(SourceState.Usable, _health.StateAt(TimeSpan.Zero));

        _health.Missed(TimeSpan.Zero, "has not got it");
        Assert.Equal(SourceState.Resting, _health.StateAt(TimeSpan.Zero));

        _health.Succeeded();
        _health.Missed(TimeSpan.Zero, "has not got it");
        Assert.Equal(SourceState.Usable, _health.StateAt(TimeSpan.Zero));
    }

    [Fact]
    public void Proven_is_who_delivered_and_has_not_failed_since()
    {
        Assert.False(_health.IsProven);
        _health.Succeeded();
        Assert.True(_health.IsProven);
        _health.Failed(TimeSpan.Zero, "failed");
        Assert.False(_health.IsProven);
        _health.Succeeded();
        _health.Ban("lied");
        Assert.False(_health.IsProven);
    }

    [Fact]
    public void A_ban_is_for_good()
    {
        _health.Ban("lied");
        _health.Succeeded();
        _health.Unchoked();

        Assert.Equal(SourceState.Banned, _health.StateAt(TimeSpan.MaxValue));
    }
}
