using System.Net;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Tests.Scene;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Upload;

public sealed class PeerStatusTests
{
    [Fact]
    public async Task A_peer_that_says_choke_is_not_asked_until_it_says_unchoke()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");
        using var client = new PeerClient(agent.Url);

        await PeerClient.ReadAsync(await client.AskAsync(Status("a", "choke")));
        Assert.Equal(SourceState.Choked, agent.Stream.Peers[0].State);
        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => agent.Lookup.Finds > 0, "the search for somebody else");
        Assert.Equal(0, peer.Count<GetChunkRequest>());
        await PeerClient.ReadAsync(await client.AskAsync(Status("a", "unchoke")));

        Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
    }

    [Fact]
    public async Task A_status_from_somewhere_else_than_the_peer_is_forbidden()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        await using var distant = await FakePeer.StartAsync("distant");
        agent.Stream.PeersFound([distant.Info with { Addresses = [new PeerAddress(IPAddress.Parse("192.0.2.1"), 7681)] }]);
        using var client = new PeerClient(agent.Url);

        await PeerClient.AssertRefusedAsync(
            await client.AskAsync(Status("distant", "choke")), HttpStatusCode.Forbidden, ResponseCode.MessageForbidden, "1");
        await PeerClient.AssertRefusedAsync(
            await client.AskAsync(Status("unknown", "choke")), HttpStatusCode.Forbidden, ResponseCode.MessageForbidden, "1");
        Assert.NotEqual(SourceState.Choked, agent.Stream.Peers[0].State);
    }

    [Fact]
    public async Task An_unknown_status_is_answered_and_ignored()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        await agent.MeetAsync(content, "a");
        using var client = new PeerClient(agent.Url);

        var answer = await PeerClient.ReadAsync(await client.AskAsync(Status("a", "snooze")));

        Assert.Equal(ResponseCode.Ok, answer.Code);
        Assert.Equal(SourceState.Usable, agent.Stream.Peers[0].State);
    }

    private static PeerStatusRequest Status(string peer, string status) => new()
    {
        PeerId = Named.Peer(peer),
        SwarmId = Named.Swarm("swarm/1"),
        TransactionId = Named.Transaction("1"),
        Status = status,
    };
}
