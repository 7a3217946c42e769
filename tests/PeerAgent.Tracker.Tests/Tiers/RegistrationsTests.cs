using PeerAgent.Tracker.Tiers;

namespace PeerAgent.Tracker.Tests.Tiers;

public class RegistrationsTests
{
    private static readonly Uri Tracker = new("http://tracker.example/");

    private readonly Registrations _registrations = new();

    [Fact]
    public void Only_the_last_one_says_disconnect()
    {
        var (a, b) = (_registrations.Enter(Tracker), _registrations.Enter(Tracker));

        Assert.False(a.TryBeginQuit());
        Assert.True(b.TryBeginQuit());
    }

    [Fact]
    public void A_place_is_given_back_once()
    {
        var (a, b) = (_registrations.Enter(Tracker), _registrations.Enter(Tracker));

        a.Abandon();
        a.Abandon();

        Assert.False(a.TryBeginQuit());
        Assert.True(b.TryBeginQuit());
    }

    [Fact]
    public void A_connect_waits_for_a_disconnect_on_its_way()
    {
        var a = _registrations.Enter(Tracker);
        Assert.True(a.Ready.IsCompleted);
        Assert.True(a.TryBeginQuit());

        var b = _registrations.Enter(Tracker);
        Assert.False(b.Ready.IsCompleted);
        a.QuitDone();

        Assert.True(b.Ready.IsCompleted);
        Assert.True(_registrations.Enter(Tracker).Ready.IsCompleted);
        Assert.False(b.TryBeginQuit());
    }

    [Fact]
    public void Different_trackers_have_nothing_to_do_with_each_other()
    {
        var a = _registrations.Enter(Tracker);
        var b = _registrations.Enter(new Uri("http://tracker.example/other"));

        Assert.True(a.TryBeginQuit());
        Assert.True(b.TryBeginQuit());
    }
}
