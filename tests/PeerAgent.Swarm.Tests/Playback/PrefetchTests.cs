using Microsoft.Extensions.DependencyInjection;
using PeerAgent.Media.Store;
using PeerAgent.Swarm.Tests.Scene;
using Ppsp.Protocol.Peering;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Playback;

public sealed class PrefetchTests
{
    [Fact]
    public async Task What_comes_next_is_here_before_the_player_asks()
    {
        var content = Content.Make(count: 20);
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");

        await PlayAsync(agent, "tv", 0, 1);

        await Eventually.HoldsAsync(() => agent.Chunks.HeldCount == 20, "the rest of the film");
        Assert.Equal(20, peer.Count<GetChunkRequest>());
        Assert.Equal(0, agent.Stream.Traffic.WastedBytes);
    }

    [Fact]
    public async Task Nobody_plays_nothing_is_fetched_ahead()
    {
        var content = Content.Make(count: 20);
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");

        using var chunk = Assert.IsType<PeerAgent.Swarm.Fetching.ChunkOutcome.Held>(await agent.Stream.GetAsync(Content.Id(3), default)).Chunk;

        await Eventually.HoldsAsync(() => agent.Chunks.HeldCount == 1, "the chunk");
        Assert.Equal(1, peer.Count<GetChunkRequest>());
    }

    [Fact]
    public async Task The_rarest_of_what_lies_ahead_is_fetched_first()
    {
        var content = Content.Make(count: 40);
        await using var agent = await Agent.StartAsync(content, settings: ["Playback:MaxParallelAhead=1", "Playback:Urgent=00:00:04"]);
        var common = await agent.MeetAsync(content, "common", [.. Enumerable.Range(0, 30)]);
        var rare = await agent.MeetAsync(content, "rare", [.. Enumerable.Range(0, 40)]);

        await PlayAsync(agent, "tv", 0, 1);
        await Eventually.HoldsAsync(() => agent.Chunks.HeldCount == 40, "all of it");

        var order = rare.Received.Concat(common.Received).Where(r => r.Message is GetChunkRequest).Select(r => r.Path).ToList();
        var fromRare = rare.Received.Where(r => r.Message is GetChunkRequest).Select(r => r.Path!).ToList();
        Assert.Equal(40, order.Distinct().Count());
        var last = fromRare.FindLastIndex(p => Number(p) >= 30);
        Assert.All(fromRare.Skip(last + 1), p => Assert.True(Number(p) < 30));
        Assert.Equal(10, fromRare.Count(p => Number(p) >= 30));
        Assert.True(fromRare.Take(last + 1).Count(p => Number(p) is > 6 and < 30) <= 2, "what everybody has came before what one has");
    }

    [Fact]
    public async Task Peers_are_told_how_soon_a_chunk_is_played()
    {
        var content = Content.Make(count: 40);
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");

        await PlayAsync(agent, "tv", 0, 1);
        await Eventually.HoldsAsync(() => agent.Chunks.HeldCount == 40, "all of it");

        var told = peer.Received.Where(r => r.Message is GetChunkRequest)
            .ToDictionary(r => Number(r.Path), r => r.Headers["Priority"]);
        Assert.Equal("u=0", told[0]);
        Assert.Equal("u=7", told[39]);
        var urgencies = told.OrderBy(t => t.Key).Select(t => t.Value[2] - '0').ToList();
        Assert.Equal(urgencies.Order(), urgencies);
        Assert.True(urgencies.Distinct().Count() >= 4, string.Join(' ', urgencies));
    }

    [Fact]
    public async Task A_peer_is_not_slow_because_we_needed_its_chunks_no_longer()
    {
        var content = Content.Make(count: 60);
        await using var agent = await Agent.StartAsync(content, time: new ManualTime());
        var peer = await agent.MeetAsync(content, "a");
        await PlayAsync(agent, "tv", 0, 0);
        var before = agent.Stream.Peers[0].BytesPerSecond;
        peer.Script.Otherwise = new ChunkStep.Wait(new ChunkStep.Raw());
        agent.Stream.PlayerAsked("tv", Content.Id(1));
        await Eventually.HoldsAsync(() => peer.Script.InWork == 4, "requests for what comes next");

        agent.Stream.PlayerLeft("tv");
        await Eventually.HoldsAsync(() => peer.Script.InWork == 0, "their end");

        Assert.NotNull(before);
        Assert.Equal(before, agent.Stream.Peers[0].BytesPerSecond);
    }

    [Fact]
    public async Task A_seek_ends_what_is_no_longer_needed()
    {
        var content = Content.Make(count: 60);
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");
        await PlayAsync(agent, "tv", 0, 0);
        await Eventually.HoldsAsync(() => agent.Chunks.HeldCount == 1, "the first chunk");
        peer.Script.Otherwise = new ChunkStep.Wait(new ChunkStep.Raw());
        agent.Stream.PlayerAsked("tv", Content.Id(1));
        await Eventually.HoldsAsync(() => peer.Script.InWork == 4, "requests for what comes next");

        peer.Script.Otherwise = new ChunkStep.Raw();
        await PlayAsync(agent, "tv", 50, 51);

        await Eventually.HoldsAsync(() => peer.Script.InWork == 0, "the end of what was asked for before");
        await Eventually.HoldsAsync(() => agent.Chunks.Contains(Content.Id(52)), "what comes after the seek");
        Assert.False(agent.Chunks.Contains(Content.Id(5)));
    }

    [Fact]
    public async Task A_player_that_leaves_ends_what_was_fetched_for_it()
    {
        var content = Content.Make(count: 60);
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a", new ChunkStep.Wait(new ChunkStep.Raw()));
        agent.Stream.PlayerAsked("tv", Content.Id(0));
        agent.Stream.PlayerAsked("tv", Content.Id(1));
        await Eventually.HoldsAsync(() => peer.Script.InWork == 1, "a request for what comes next");

        agent.Stream.PlayerLeft("tv");

        await Eventually.HoldsAsync(() => peer.Script.InWork == 0, "the end of all of it");
    }

    [Fact]
    public async Task An_origin_is_not_asked_for_what_lies_far_ahead()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var content = Content.Make(count: 60, origins: origin.Url);
        for (var i = 0; i < 60; i++)
        {
            origin.Script.Chunks[Content.NameOf(i)] = content.Chunks[i];
        }

        await using var agent = await Agent.StartAsync(content);
        await PlayAsync(agent, "tv", 0, 1);

        await Eventually.HoldsAsync(() => agent.Chunks.HeldCount >= 9, "the urgent part");
        Assert.Equal(9, agent.Chunks.HeldCount);
    }

    [Fact]
    public async Task A_stream_that_is_left_is_played_no_more_and_its_chunks_are_the_first_to_go()
    {
        var content = Content.Make(count: 20);
        await using var agent = await Agent.StartAsync(content, settings: ["Store:MaxBytes=1048576"]);
        await agent.MeetAsync(content, "a");
        await PlayAsync(agent, "tv", 0, 1);
        await Eventually.HoldsAsync(() => agent.Chunks.HeldCount == 20, "the film");
        await agent.Stream.DisposeAsync();

        var other = Content.Make(count: 40);
        var store = agent.Services.GetRequiredService<ChunkStore>();
        var played = store.Open(other.Stream with { SwarmId = Named.Swarm("other") });
        played.SetPositions([new PlayPosition("path/name", "video", 0)]);
        for (var number = 0; number < 40; number++)
        {
            await played.PutAsync(Content.Id(number), other.Chunks[number].ToArray(), default);
        }

        Assert.Equal(40, played.HeldCount);
        Assert.InRange(agent.Chunks.HeldCount, 1, 19);
    }

    [Fact]
    public async Task First_copies_are_asked_for_before_the_urgent_part_is_complete_and_are_needed_soon()
    {
        var content = Content.Make(count: 40);
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(
            content, time: time, settings: ["Playback:MaxParallelUrgent=1", "Playback:Urgent=00:00:10", "Fetch:ResponseTimeout=00:01:00"]);
        await agent.MeetAsync(content, "mate", 0, 1);
        var seeder = await agent.MeetAsync(content, "seeder");
        await (await agent.Stream.GetAsync(Content.Id(39), default)).BytesAsync();
        seeder.Script.Otherwise = new ChunkStep.Wait(new ChunkStep.Raw());
        await agent.HoldAsync(content, 0, 1, 2, 3, 4);

        await PlayAsync(agent, "tv", 0, 4);

        // Of the urgent part only one may be asked for at a time, and that one does not come.
        await Eventually.HoldsAsync(
            async () =>
            {
                await time.PassAsync(TimeSpan.FromMilliseconds(20));
                return Asked().Count(a => a.Priority == "u=2") >= 2;
            },
            "two requests for first copies");
        Assert.All(Asked(), a => Assert.InRange(a.Number, 5, 20));

        List<(int Number, string Priority)> Asked() =>
            [.. seeder.Received.Where(r => r.Message is GetChunkRequest).Skip(1).Select(r => (Number(r.Path), r.Headers["Priority"]))];
    }

    private static int Number(string path) => int.Parse(path[^9..^4], System.Globalization.CultureInfo.InvariantCulture);

    private static async Task PlayAsync(Agent agent, string player, int from, int to)
    {
        for (var number = from; number <= to; number++)
        {
            agent.Stream.PlayerAsked(player, Content.Id(number));
            await (await agent.Stream.GetAsync(Content.Id(number), default)).BytesAsync();
        }
    }
}
