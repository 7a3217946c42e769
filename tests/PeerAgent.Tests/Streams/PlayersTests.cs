using PeerAgent.Streams;

namespace PeerAgent.Tests.Streams;

public sealed class PlayersTests
{
    private static readonly PlayersOptions Options = new() { IdleTimeout = TimeSpan.FromSeconds(60), MaxPerStream = 3 };
    private readonly ManualTime _time = new();

    [Fact]
    public void A_player_silent_for_the_time_out_is_gone_and_one_that_spoke_stays()
    {
        var players = new Players(Options, _time);
        players.Touch(new PlayerKey("a"));
        players.Touch(new PlayerKey("b"));
        _time.Advance(TimeSpan.FromSeconds(59));
        players.Touch(new PlayerKey("b"));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(players.DropIdle());
        Assert.Equal(1, players.Count);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(players.DropIdle());
    }

    [Fact]
    public void A_player_with_an_open_request_is_never_idle()
    {
        var players = new Players(Options, _time);
        var open = players.Hold(new PlayerKey("a"));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(players.DropIdle());

        open.Dispose();
        open.Dispose();
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.True(players.DropIdle());
    }

    [Fact]
    public void Players_are_bounded()
    {
        var players = new Players(Options, _time);
        for (var i = 0; i < 100; i++)
        {
            players.Hold(new PlayerKey($"{i}")).Dispose();
        }

        Assert.Equal(3, players.Count);
    }

    [Fact]
    public void Nobody_gone_is_not_the_last_one_gone()
    {
        var players = new Players(Options, _time);
        Assert.False(players.DropIdle());
    }
}
