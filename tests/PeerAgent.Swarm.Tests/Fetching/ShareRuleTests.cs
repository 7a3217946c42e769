using PeerAgent.Swarm.Assembly;
using PeerAgent.Swarm.Fetching;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Tests.Scene;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Tests.Fetching;

/// <summary>How a chunk is laid out among sources. A chunk has 400,000 bytes.</summary>
public sealed class ShareRuleTests
{
    [Fact]
    public async Task One_who_is_fast_enough_has_no_companions()
    {
        await using var scene = await PlanScene.StartAsync();
        var fast = scene.Meet("fast", isProven: true, rate: PlanScene.Size * 4);
        scene.Meet("other", isProven: true, rate: PlanScene.Size);
        scene.PlayerWaits(seconds: 0);

        Assert.Empty(Companions(scene, fast));
    }

    [Fact]
    public async Task As_many_share_a_chunk_as_bring_it_in_time_and_no_more()
    {
        await using var scene = await PlanScene.StartAsync();
        var peers = Enumerable.Range(0, 5).Select(i => scene.Meet($"{i}", isProven: true, rate: PlanScene.Size)).ToList();
        scene.PlayerWaits(seconds: 0.6);

        // One takes a second, two half of one and the time to the first byte.
        Assert.True(Assert.Single(Companions(scene, peers[0])).AtOnce);

        // 0.3 s are soon enough for anybody.
        Assert.Equal(3, Companions(scene, peers[0], wished: 0).Count);
    }

    [Fact]
    public async Task No_more_share_a_chunk_than_may_and_nobody_has_less_than_16_KiB_of_it()
    {
        await using var scene = await PlanScene.StartAsync();
        var peers = Enumerable.Range(0, 40).Select(i => scene.Meet($"{i}", isProven: true, rate: 20_000)).ToList();
        scene.PlayerWaits(seconds: 0);

        Assert.Equal(5, Companions(scene, peers[0]).Count);
        Assert.Equal((PlanScene.Size / (16 << 10)) - 1, Companions(scene, peers[0], most: 40).Count);
    }

    [Fact]
    public async Task Those_who_will_be_free_soon_have_a_part_when_they_have_time()
    {
        await using var scene = await PlanScene.StartAsync();
        var first = scene.Meet("first", isProven: true, rate: PlanScene.Size / 4);
        var free = scene.Meet("free", isProven: true, rate: PlanScene.Size / 4);
        var soon = scene.Meet("soon", isProven: true, rate: PlanScene.Size / 4);
        var late = scene.Meet("late", isProven: true, rate: PlanScene.Size / 4);
        var stranger = scene.Meet("stranger", isProven: false, rate: PlanScene.Size / 4);
        Occupy(soon, seconds: 0.6);
        Occupy(late, seconds: 0.8);
        Occupy(stranger, seconds: 0.1);
        scene.IsFetchedAhead(Urgency.Soon);

        Assert.Equal([(free, true), (soon, false)], Companions(scene, first).Select(c => ((Peer)c.Source, c.AtOnce)));
    }

    [Fact]
    public async Task A_chunk_that_an_origin_or_somebody_unproven_begins_is_not_laid_out()
    {
        await using var scene = await PlanScene.StartAsync();
        scene.Meet("proven", isProven: true, rate: 20_000);
        var stranger = scene.Meet("stranger", isProven: false);
        scene.IsFetchedAhead(Urgency.Soon);

        Assert.Empty(Companions(scene, stranger));
        Assert.Empty(Companions(scene, scene.HasOrigin()));
    }

    [Fact]
    public async Task Strangers_share_the_first_chunk_that_a_player_waits_for()
    {
        await using var scene = await PlanScene.StartAsync();
        var strangers = Enumerable.Range(0, 3).Select(i => scene.Meet($"{i}", isProven: false)).ToList();
        scene.PlayerWaits(seconds: 0);

        Assert.Equal(strangers.Skip(1), Companions(scene, strangers[0]).Select(c => c.Source).OrderBy(s => s.Name));
    }

    [Fact]
    public async Task Shares_go_by_speed_and_each_is_worth_a_request()
    {
        await using var scene = await PlanScene.StartAsync();
        var fast = scene.Meet("fast", isProven: true, rate: 300_000);
        var half = scene.Meet("half", isProven: true, rate: 150_000);
        var slow = scene.Meet("slow", isProven: true, rate: 100);

        var two = scene.Rule.Shares([fast, half]);
        Assert.Equal(2 / 3.0, two[0], 6);
        Assert.Equal(1 / 3.0, two[1], 6);

        var three = scene.Rule.Shares([fast, half, slow]);
        Assert.Equal(1, three.Sum(), 6);
        Assert.InRange(three[2] * PlanScene.Size, 15_000, 16 << 10);
        Assert.Equal(2, three[0] / three[1], 6);
    }

    [Fact]
    public async Task Stretches_in_doubt_go_to_others_and_all_end_together()
    {
        await using var scene = await PlanScene.StartAsync();
        var quick = scene.Meet("quick", isProven: false, rate: 50_000_000);
        var (a, b) = (scene.Meet("a", isProven: false, rate: 100_000), scene.Meet("b", isProven: false, rate: 200_000));
        var slow = scene.Meet("slow", isProven: false, rate: 1_000);

        var pieces = ShareRule.Across([(0, 30_000, a), (30_000, 60_000, b), (60_000, 150_000, quick)], [quick, a, b, slow]);

        Assert.Equal(
            [(0, 30_000, quick), (30_000, 60_000, quick), (60_000, 90_000, a), (90_000, 150_000, b)],
            pieces.OrderBy(p => p.From).Select(p => ((int)Math.Round(p.From / 1e3) * 1000, (int)Math.Round(p.To / 1e3) * 1000, (Peer)p.Source!)));
        Assert.Equal([(0, 10, null)], ShareRule.Across([(0, 10, a)], [a]));
    }

    [Fact]
    public async Task Of_what_is_had_again_a_stranger_gets_what_he_can_be_relied_on_for()
    {
        await using var scene = await PlanScene.StartAsync();
        var liar = scene.Meet("liar", isProven: false, rate: 1_000_000);
        var known = scene.Meet("known", isProven: false, rate: 100_000);
        var stranger = scene.Meet("stranger", isProven: false);

        var pieces = ShareRule.Across([(0, 116_384, liar)], [stranger, known]);

        Assert.Equal([(0, 16_384, stranger), (16_384, 116_384, known)], pieces.Select(p => (p.From, p.To, (Peer)p.Source!)));
    }

    [Fact]
    public async Task Shares_end_together_when_the_chunk_is_as_long_as_usual_and_none_begins_where_it_may_have_ended()
    {
        await using var scene = await PlanScene.StartAsync();

        // Nothing was seen yet: four fifths of it are sure.
        Assert.Equal(PlanScene.Size, scene.Rule.LengthToShare([0.25, 0.25, 0.25, 0.25]));
        Assert.Equal(PlanScene.Size * 0.8, scene.Rule.LengthToShare([0.9, 0.1]) * 0.9, 6);
    }

    [Fact]
    public async Task Of_a_stranger_that_should_have_begun_not_much_is_expected_where_others_can_help()
    {
        await using var scene = await PlanScene.StartAsync();
        var assembly = new ChunkAssembly(PlanScene.Size, PlanScene.Size, scene.Site.Memory);
        assembly.Announce(PlanScene.Size);
        using var stranger = AttemptOf(scene.Meet("stranger", isProven: false));
        using var known = AttemptOf(scene.Meet("known", isProven: true, rate: PlanScene.Size / 4));
        Assert.Null(scene.Rule.TimeLeft(stranger, assembly, mayMix: true, scene.Now));
        Assert.Equal(4.04, scene.Rule.TimeLeft(known, assembly, mayMix: true, scene.Now)!.Value.TotalSeconds, 2);

        scene.Time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.Null(scene.Rule.TimeLeft(stranger, assembly, mayMix: false, scene.Now));
        Assert.Equal(
            PlanScene.Size / 16384.0, scene.Rule.TimeLeft(stranger, assembly, mayMix: true, scene.Now)!.Value.TotalSeconds, 2);
        Assert.Equal(4, scene.Rule.TimeLeft(known, assembly, mayMix: true, scene.Now)!.Value.TotalSeconds, 2);

        // It has begun after all, with 100,000 bytes in its first moment.
        stranger.GetMemory();
        stranger.Advance(50_000);
        stranger.Advance(50_000);
        Assert.Equal(0.9, scene.Rule.TimeLeft(stranger, assembly, mayMix: true, scene.Now)!.Value.TotalSeconds, 2);

        PartAttempt AttemptOf(Peer peer) => new(peer, scene.Site, assembly, assembly.Missing[0], CancellationToken.None);
    }

    private static IReadOnlyList<(Source Source, bool AtOnce)> Companions(PlanScene scene, Source first, double? wished = null, int most = 6) =>
        scene.Rule.Companions(scene.Plan, first, scene.Now, scene.Now + TimeSpan.FromSeconds(wished ?? 0.6), most);

    /// <summary>It has something else to send for so long.</summary>
    private static void Occupy(Peer peer, double seconds)
    {
        peer.Opened();
        peer.Expect((long)(peer.Speed.BytesPerSecond!.Value * seconds));
    }
}
