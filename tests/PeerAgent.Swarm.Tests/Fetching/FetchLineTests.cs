using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Tests.Scene;
using Ppsp.Protocol.Peering;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Fetching;

/// <summary>Who gets a source that is free.</summary>
public sealed class FetchLineTests
{
    [Fact]
    public async Task A_peer_that_gets_free_goes_to_what_a_player_waits_for_before_what_comes_next()
    {
        var content = Content.Make(count: 40);
        await using var agent = await Agent.StartAsync(content, settings: ["Fetch:MaxConnectionsPerPeer=1"]);
        var peer = await agent.MeetAsync(content, "a", new ChunkStep.Wait(new ChunkStep.Raw()));

        // A player two steps on: what comes next is on its way or in line.
        agent.Stream.PlayerAsked("tv", Content.Id(0));
        agent.Stream.PlayerAsked("tv", Content.Id(1));
        await Eventually.HoldsAsync(() => peer.Script.InWork == 1, "what comes next");
        var waits = agent.Stream.GetAsync(Content.Id(30), default).AsTask();
        var first = peer.Count<GetChunkRequest>();
        peer.Script.OpenGate();

        await (await waits).BytesAsync();
        var asked = peer.Received.Where(r => r.Message is GetChunkRequest).Select(r => r.Path!).ToList();
        Assert.Equal(1, first);
        Assert.EndsWith("00030.bin", asked[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_silent_until_another_came_to_the_rescue_rests()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content, settings: ["Fetch:RivalAfter=00:00:00.2"]);
        var silent = await agent.MeetAsync(content, "silent", new ChunkStep.Wait(new ChunkStep.Raw()));
        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => silent.Script.InWork == 1, "the silent one");
        await agent.MeetAsync(content, "quick");

        Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
        await Eventually.HoldsAsync(() => agent.Stream.Peers.Single(p => p.PeerId == silent.Id).Failures == 1, "the failure");
        Assert.Equal(SourceState.Resting, agent.Stream.Peers.Single(p => p.PeerId == silent.Id).State);
    }
}
