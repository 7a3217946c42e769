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
