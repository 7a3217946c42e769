using PeerAgent.Swarm.Fetching;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Tests.Scene;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Swarm.Tests.Fetching;

public sealed class SourcePickerTests
{
    private const long Size = 1_000_000;

    private readonly Dice _dice = new(new Random(3));

    [Fact]
    public void Who_will_be_done_first_is_picked()
    {
        var fast = Known("fast", seconds: 0.1);
        var slow = Known("slow", seconds: 1);

        Assert.All(Picks(slow, fast), p => Assert.Same(fast, p));
    }

    [Fact]
    public void A_fast_peer_with_much_to_do_stands_back()
    {
        var fast = Known("fast", seconds: 0.1);
        var other = Known("other", seconds: 0.2);
        fast.Opened();
        fast.Opened();
        fast.Expect(1 << 30);

        Assert.All(Picks(fast, other), p => Assert.Same(other, p));
    }

    [Fact]
    public void Of_equals_the_nearer_one_is_picked()
    {
        var far = Known("far", seconds: 0.1, cost: 10);
        var near = Known("near", seconds: 0.11, cost: 1);

        Assert.All(Picks(far, near), p => Assert.Same(near, p));
    }

    [Fact]
    public void A_peer_that_failed_stands_back()
    {
        var failed = Known("failed", seconds: 0.1);
        failed.Health.Failed(TimeSpan.Zero, "failed");
        var other = Known("other", seconds: 0.15);

        Assert.All(Picks(failed, other), p => Assert.Same(other, p));
    }

    [Fact]
    public void The_unknown_get_a_chance_now_and_then()
    {
        var known = Known("known", seconds: 0.01, cost: 0);
        var better = Known("better", seconds: 0.001, cost: 0);
        var unknown = New("unknown", 0);

        var share = Picks(known, better, unknown).Count(p => p == unknown) / 1000.0;

        Assert.InRange(share, SourcePicker.Curiosity / 2, SourcePicker.Curiosity * 2);
    }

    private List<Peer?> Picks(params Peer[] candidates) =>
        [.. Enumerable.Range(0, 1000).Select(_ => SourcePicker.Pick(candidates, Size, _dice))];

    private static Peer Known(string id, double seconds, int cost = 0)
    {
        var peer = New(id, cost);
        peer.Speed.Observe(TimeSpan.Zero, Size, TimeSpan.FromSeconds(seconds), TimeSpan.Zero);
        return peer;
    }

    private static Peer New(string id, int cost)
    {
        var peer = new Peer(Named.Peer(id), transport: null!);
        peer.Update(new PeerInfo { PeerId = peer.Id, EndPointRankCost = cost });
        return peer;
    }
}
