using PeerAgent.Swarm.Tests.Scene;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Tests.Fetching;

/// <summary>Who may have a part of a chunk beside others.</summary>
public sealed class MixingTests
{
    [Fact]
    public async Task Who_has_proven_nothing_is_mixed_with_others_only_while_a_player_waits_and_there_is_no_origin()
    {
        await using var scene = await PlanScene.StartAsync();
        var stranger = scene.Meet("stranger", isProven: false);

        scene.IsFetchedAhead(Urgency.Ahead);
        Assert.True(scene.Plan.MayNotMix(stranger, scene.Now));
        scene.IsFetchedAhead(Urgency.Soon);
        Assert.True(scene.Plan.MayNotMix(stranger, scene.Now));
        Assert.Null(scene.Plan.NextHelper(scene.Now, [], mayAskOrigin: false));

        scene.PlayerWaits(seconds: 5);
        Assert.False(scene.Plan.MayNotMix(stranger, scene.Now));
        Assert.Same(stranger, scene.Plan.NextHelper(scene.Now, [], mayAskOrigin: false));

        scene.HasOrigin();
        Assert.True(scene.Plan.MayNotMix(stranger, scene.Now));
        Assert.Null(scene.Plan.NextHelper(scene.Now, [], mayAskOrigin: false));
    }

    [Fact]
    public async Task Who_has_delivered_and_origins_may_always_be_mixed()
    {
        await using var scene = await PlanScene.StartAsync();
        var proven = scene.Meet("proven", isProven: true);
        var origin = scene.HasOrigin();
        scene.IsFetchedAhead(Urgency.Soon);

        Assert.False(scene.Plan.MayNotMix(proven, scene.Now));
        Assert.False(scene.Plan.MayNotMix(origin, scene.Now));

        // Who failed has to prove himself again.
        proven.Health.Failed(scene.Now, "failed");
        Assert.True(scene.Plan.MayNotMix(proven, scene.Now));
    }

    [Fact]
    public async Task A_stranger_begins_a_chunk_but_joins_none()
    {
        await using var scene = await PlanScene.StartAsync();
        var stranger = scene.Meet("stranger", isProven: false);
        scene.IsFetchedAhead(Urgency.Soon);

        Assert.Null(scene.Plan.Next(scene.Now, isShared: true, CancellationToken.None));
        Assert.Same(stranger, scene.Plan.Next(scene.Now, isShared: false, CancellationToken.None));
    }

    [Fact]
    public async Task A_stranger_at_work_gets_nothing_more_unless_a_player_waits_and_there_is_no_origin()
    {
        await using var scene = await PlanScene.StartAsync();
        var stranger = scene.Meet("stranger", isProven: false, rate: 10_000_000);
        stranger.Opened();
        scene.IsFetchedAhead(Urgency.Soon);
        Assert.Null(scene.Plan.Next(scene.Now, isShared: false, CancellationToken.None));

        stranger.Closed();
        stranger.Unjudged(10);
        Assert.Null(scene.Plan.Next(scene.Now, isShared: false, CancellationToken.None));

        scene.PlayerWaits(seconds: 5);
        Assert.Same(stranger, scene.Plan.Next(scene.Now, isShared: false, CancellationToken.None));
        scene.HasOrigin();
        Assert.NotSame(stranger, scene.Plan.Next(scene.Now, isShared: false, CancellationToken.None));
    }
}
