using PeerAgent.Swarm.Tests.Scene;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Fetching;

/// <summary>Whose turn it is to get what no player has.</summary>
public sealed class FirstCopyRuleTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly int[] Beginning = [0, 1, 2, 3, 4];

    [Fact]
    public async Task Each_chunk_is_the_turn_of_one_and_everybody_has_turns()
    {
        string[] ids = ["a", "b", "c"];
        var turns = new List<bool[]>();
        foreach (var id in ids)
        {
            await using var scene = await PlanScene.StartAsync(id, 60);
            foreach (var other in ids.Where(o => o != id))
            {
                scene.Meet(other, isProven: false, numbers: Beginning);
            }

            turns.Add([.. Enumerable.Range(5, 55).Select(n => IsOurs(scene, n))]);
        }

        Assert.All(Enumerable.Range(0, 55), n => Assert.Single(turns, t => t[n]));
        Assert.All(turns, t => Assert.InRange(t.Count(ours => ours), 10, 30));
    }

    [Fact]
    public async Task What_only_a_seeder_has_is_somebodys_turn_too()
    {
        await using var scene = await PlanScene.StartAsync(chunks: 40);
        scene.Meet("mate", isProven: false, numbers: Beginning);
        var ours = Enumerable.Range(5, 35).Where(n => IsOurs(scene, n)).ToList();

        scene.Meet("seeder", isProven: false);

        Assert.NotEmpty(ours);
        Assert.Equal(ours, Enumerable.Range(5, 35).Where(n => IsOurs(scene, n)));
    }

    [Fact]
    public async Task What_a_player_has_is_nobodys_turn()
    {
        await using var scene = await PlanScene.StartAsync(chunks: 20);
        scene.Meet("front", isProven: false, numbers: [4, 5, 6, 7, 8]);
        scene.Meet("back", isProven: false, numbers: Beginning);

        Assert.DoesNotContain(Enumerable.Range(4, 5), n => IsOurs(scene, n));
        Assert.Contains(Enumerable.Range(9, 11), n => IsOurs(scene, n));
    }

    [Fact]
    public async Task Who_plays_alone_has_no_turn_for_nobody_would_gain()
    {
        await using var scene = await PlanScene.StartAsync(chunks: 100);

        Assert.False(IsOurs(scene, 99));

        scene.Meet("far", isProven: false, numbers: Beginning);

        Assert.False(IsOurs(scene, 99));
    }

    [Fact]
    public async Task What_is_played_much_later_is_nobodys_turn_yet()
    {
        await using var scene = await PlanScene.StartAsync(chunks: 40, settings: "Playback:Urgent=00:00:10");
        scene.Meet("a", isProven: false, numbers: Beginning);
        var ours = Enumerable.Range(5, 35).First(n => IsOurs(scene, n));

        Assert.True(scene.FirstCopy.IsOurs(Content.Id(ours), scene.Now + TimeSpan.FromSeconds(30), scene.Now));
        Assert.False(scene.FirstCopy.IsOurs(Content.Id(ours), scene.Now + TimeSpan.FromSeconds(31), scene.Now));
    }

    [Fact]
    public async Task Who_sends_nothing_on_has_no_turn()
    {
        await using var scene = await PlanScene.StartAsync(chunks: 40, settings: "Upload:Enabled=false");
        scene.Meet("a", isProven: false, numbers: Beginning);

        Assert.DoesNotContain(Enumerable.Range(5, 35), n => IsOurs(scene, n));
    }

    [Fact]
    public async Task Two_who_play_the_same_film_get_each_chunk_from_the_origin_once_between_them()
    {
        // A chunk plays for a minute: nothing is ever so late that the origin would have to help.
        var time = new ManualTime();
        await using var origin = await FakeOrigin.StartAsync();
        var content = Content.Make(origins: origin.Url);
        for (var i = 0; i < content.Chunks.Count; i++)
        {
            origin.Script.Chunks[Content.NameOf(i)] = content.Chunks[i];
        }

        string[] settings = ["Playback:UsualDuration=00:01:00", "Playback:Urgent=00:10:00", "Playback:Ahead=00:30:00"];
        await using var one = await Agent.StartAsync(content, "one", time, settings: settings);
        await using var two = await Agent.StartAsync(content, "two", time, settings: settings);
        await PlayAsync(one, 0);
        await PlayAsync(two, 0);
        one.Stream.PeersFound([two.Info]);
        two.Stream.PeersFound([one.Info]);
        await PassUntilAsync(() => one.Stream.Peers.Concat(two.Stream.Peers).Count(p => p.HeldChunks >= 1) == 2, "the maps");
        await PlayAsync(one, 1);
        await PassUntilAsync(() => two.Stream.Peers.Any(p => p.HeldChunks >= 2), "the next map of the first");
        await PlayAsync(two, 1);

        await PassUntilAsync(
            () => one.Chunks.HeldCount == content.Chunks.Count && two.Chunks.HeldCount == content.Chunks.Count, "all chunks at both");

        // The first one each gets at once: a start is the origin's.
        Assert.Equal(
            Enumerable.Range(0, content.Chunks.Count).Select(i => Content.NameOf(i)).Prepend(Content.NameOf(0)),
            origin.Received.Select(r => r.Path.Split('/')[^1]).Order(StringComparer.Ordinal));
        Assert.All([one, two], a => Assert.InRange(a.Stream.Traffic.DownloadedBytes, 1, content.Chunks.Count * Content.Size));

        Task PassUntilAsync(Func<bool> holds, string what) => Eventually.HoldsAsync(
            async () =>
            {
                await time.PassAsync(TimeSpan.FromMilliseconds(100));
                return holds();
            },
            what);

        async Task PlayAsync(Agent agent, int chunk)
        {
            agent.Stream.PlayerAsked("tv", Content.Id(chunk));
            Assert.Equal(content.Chunks[chunk], await (await agent.Stream.GetAsync(Content.Id(chunk), default)).BytesAsync());
        }
    }

    private static bool IsOurs(PlanScene scene, int number) => scene.FirstCopy.IsOurs(Content.Id(number), scene.Now + Soon, scene.Now);
}
