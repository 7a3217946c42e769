using PeerAgent.Swarm.Sources;

namespace PeerAgent.Swarm.Tests.Sources;

public sealed class SourceHealthTests
{
    private readonly SourceHealth _health = new();

    [Fact]
    public void Pauses_after_failures_double_up_to_a_minute_and_end_with_a_success()
    {
        var now = TimeSpan.FromHours(1);
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
    public void A_ban_is_for_good()
    {
        _health.Ban("lied");
        _health.Succeeded();
        _health.Unchoked();

        Assert.Equal(SourceState.Banned, _health.StateAt(TimeSpan.MaxValue));
    }
}
