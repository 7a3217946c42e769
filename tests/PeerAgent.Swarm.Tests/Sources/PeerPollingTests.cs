using PeerAgent.Swarm.Fetching;
using PeerAgent.Swarm.Tests.Scene;
using Ppsp.Protocol.Peering;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Sources;

public sealed class PeerPollingTests
{
    [Fact]
    public async Task A_map_is_asked_for_at_once_and_then_not_before_the_stream_is_used()
    {
        var content = Content.Make();
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(content, time: time);
        var peer = await agent.MeetAsync(content, "a");

        await time.PassAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, peer.Count<GetChunkMapRequest>());
    }

    [Fact]
    public async Task In_a_stream_that_is_used_maps_are_asked_for_every_five_seconds_with_the_tag_of_the_last()
    {
        var content = Content.Make();
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(content, time: time);
        var peer = await agent.MeetAsync(content, "a", new ChunkStep.Raw(), 0);
        peer.MapTag = "\"one\"";
        await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync();

        await time.PassAsync(TimeSpan.FromSeconds(13));
        Assert.InRange(peer.Count<GetChunkMapRequest>(), 3, 4);
        var last = peer.Received.Last(r => r.Message is GetChunkMapRequest);
        Assert.Equal("\"one\"", last.Headers["If-None-Match"]);
        Assert.Equal(1, agent.Stream.Peers[0].HeldChunks);

        peer.Maps = content.MapOf(0, 1, 2);
        peer.MapTag = "\"two\"";
        await time.PassAsync(TimeSpan.FromSeconds(7));
        await Eventually.HoldsAsync(() => agent.Stream.Peers[0].HeldChunks == 3, "the new map");

        // Unused again, it comes to rest.
        await time.PassAsync(TimeSpan.FromSeconds(30));
        var asked = peer.Count<GetChunkMapRequest>();
        await time.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(asked, peer.Count<GetChunkMapRequest>());
    }

    [Fact]
    public async Task The_map_of_a_peer_that_gets_chunks_is_asked_for_sooner_than_one_that_stays_as_it_is()
    {
        var content = Content.Make(count: 60);
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(content, time: time);
        var still = await agent.MeetAsync(content, "still", new ChunkStep.Raw(), 0);
        var growing = await agent.MeetAsync(content, "growing", new ChunkStep.Raw(), 0);
        still.MapTag = "\"one\"";
        await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync();

        for (var i = 1; i <= 20; i++)
        {
            growing.Maps = content.MapOf([.. Enumerable.Range(0, i + 1)]);
            growing.MapTag = $"\"{i}\"";
            await time.PassAsync(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(growing.Count<GetChunkMapRequest>(), 2 * still.Count<GetChunkMapRequest>(), 20);
    }

    [Fact]
    public async Task Somebody_unknown_who_asks_makes_the_trackers_be_asked_for_peers_but_only_now_and_then()
    {
        var content = Content.Make();
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(content, time: time);
        await agent.MeetAsync(content, "known", 0);
        using var stranger = new PeerClient(agent.Url);
        (await stranger.AskAsync(PeerClient.MapRequest)).Dispose();
        Assert.Equal(0, agent.Lookup.Requests);

        // In a stream that is used.
        await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync();
        for (var i = 0; i < 5; i++)
        {
            (await stranger.AskAsync(PeerClient.MapRequest)).Dispose();
        }

        Assert.Equal(1, agent.Lookup.Requests);
        await time.PassAsync(TimeSpan.FromSeconds(5));
        (await stranger.AskAsync(PeerClient.MapRequest)).Dispose();
        Assert.Equal(2, agent.Lookup.Requests);
    }

    [Fact]
    public async Task A_chunk_without_a_known_holder_makes_maps_fresh_at_once()
    {
        var content = Content.Make();
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(content, time: time);
        var peer = await agent.MeetAsync(content, "a", new ChunkStep.Raw(), 0);
        await time.PassAsync(TimeSpan.FromSeconds(1));
        peer.Maps = content.MapOf(0, 1);

        // The clock stands: only asking can have brought the new map.
        Assert.Equal(content.Chunks[1], await (await agent.Stream.GetAsync(Content.Id(1), default)).BytesAsync());
    }

    [Fact]
    public async Task Peers_of_peers_are_found()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        await using var hidden = await FakePeer.StartAsync("hidden");
        hidden.Maps = content.MapOf();
        hidden.Script.Chunks[Content.NameOf(1)] = content.Chunks[1];
        await using var friend = await FakePeer.StartAsync("friend");
        friend.Peers = [hidden.Info, agent.Info];
        await agent.MeetAsync(friend);

        Assert.Equal(content.Chunks[1], await (await agent.Stream.GetAsync(Content.Id(1), default)).BytesAsync());
        Assert.DoesNotContain(agent.Stream.Peers, p => p.PeerId == agent.Id);
        Assert.Equal(1, friend.Count<GetPeerListRequest>());
    }

    [Fact]
    public async Task A_seed_is_asked_before_it_has_told_its_map()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        await using var seed = await FakePeer.StartAsync("seed");
        seed.PeerType = "SEED";
        seed.Maps = null;
        seed.Script.Chunks[Content.NameOf(0)] = content.Chunks[0];
        agent.Stream.PeersFound([seed.Info]);

        Assert.IsType<ChunkOutcome.Held>(await agent.Stream.GetAsync(Content.Id(0), default));
    }

    [Fact]
    public async Task A_peer_that_is_never_reached_is_forgotten()
    {
        var content = Content.Make();
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(content, time: time, settings: ["Fetch:ActiveFor=01:00:00"]);
        await agent.MeetAsync(content, "a");
        await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync();
        await using var gone = await FakePeer.StartAsync("gone");
        var info = gone.Info;
        await gone.DisposeAsync();
        agent.Stream.PeersFound([info]);
        Assert.Equal(2, agent.Stream.Peers.Count);

        await time.PassAsync(TimeSpan.FromSeconds(240));

        Assert.Single(agent.Stream.Peers);
    }
}
