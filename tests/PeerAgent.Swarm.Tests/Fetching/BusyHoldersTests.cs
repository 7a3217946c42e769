using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Tests.Scene;

namespace PeerAgent.Swarm.Tests.Fetching;

/// <summary>An origin stands by, and the peers that have the chunk cannot bring it just now.</summary>
public sealed class BusyHoldersTests
{
    [Fact]
    public async Task A_player_with_much_to_play_waits_for_peers_that_have_no_time_for_it_now()
    {
        await using var scene = await PlanScene.StartAsync();
        var origin = scene.HasOrigin();
        scene.Meet("choking", isProven: true, rate: 1_000_000).Health.Choked(scene.Now, "choked");

        scene.PlayerWaits(seconds: 9);
        Assert.Null(scene.Plan.Next(scene.Now, isShared: false, default));

        scene.PlayerWaits(seconds: 3.9);
        Assert.Same(origin, scene.Plan.Next(scene.Now, isShared: false, default));
    }

    [Fact]
    public async Task Nobody_waits_for_peers_that_fail()
    {
        await using var scene = await PlanScene.StartAsync();
        var origin = scene.HasOrigin();
        scene.Meet("failing", isProven: true, rate: 1_000_000).Health.Failed(scene.Now, "failed");
        scene.PlayerWaits(seconds: 9);

        Assert.Same(origin, await LookedUpAsync(scene));
    }

    [Fact]
    public async Task A_slow_peer_may_begin_what_a_player_with_much_to_play_waits_for()
    {
        await using var scene = await PlanScene.StartAsync();
        var origin = scene.HasOrigin();
        var slow = scene.Meet("slow", isProven: true, rate: PlanScene.Size / 20);

        scene.PlayerWaits(seconds: 9);
        Assert.Same(slow, scene.Plan.Next(scene.Now, isShared: false, default));

        scene.PlayerWaits(seconds: 3.9);
        Assert.Same(origin, scene.Plan.Next(scene.Now, isShared: false, default));
    }

    /// <summary>Whom the plan asks once the trackers have answered that they know nobody.</summary>
    private static async Task<Source?> LookedUpAsync(PlanScene scene)
    {
        Source? next = null;
        await Eventually.HoldsAsync(() => (next = scene.Plan.Next(scene.Now, isShared: false, default)) is not null, "somebody to ask");
        return next;
    }
}
