using System.Net;
using System.Text;
using PeerAgent.Swarm.Tests.Scene;
using Ppsp.Protocol.Peering;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Http;

public sealed class HttpPeerTransportTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task A_foreign_peer_answers_with_envelope_and_media_wherever_they_are_cut(int piece)
    {
        var content = Content.Make(size: 3000);
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "foreign");
        peer.Script.Otherwise = new ChunkStep.Mixed(Piece: piece);

        Assert.Equal(content.Chunks[0], await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
        Assert.Equal(3000, agent.Stream.Traffic.DownloadedBytes);
    }

    [Fact]
    public async Task Only_the_first_closing_tag_ends_the_envelope()
    {
        var tag = Encoding.UTF8.GetBytes("\nmedia</PPSPPeerProtocol>media</PPSPPeerProtocol>");
        var content = Content.Of([tag], hashes: true, "bin");
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "foreign");
        peer.Script.Otherwise = new ChunkStep.Mixed();

        Assert.Equal(tag, await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task A_line_break_before_the_media_is_dropped_where_the_hash_shows_it(string gap)
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "foreign");
        peer.Script.Otherwise = new ChunkStep.Mixed(Gap: gap);

        Assert.Equal(content.Chunks[0], await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
    }

    [Fact]
    public async Task Requests_say_that_raw_chunks_are_known()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");
        await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync();

        var request = peer.Received.Single(r => r.Message is GetChunkRequest);
        Assert.Equal("application/octet-stream, text/xml;q=0.5", request.Headers["Accept"]);
        Assert.Equal("text/xml; charset=utf-8", request.Headers["Content-Type"]);
        Assert.Equal("me", request.Message!.PeerId.Value);
        Assert.False(request.Headers.ContainsKey("Range"));
    }

    [Fact]
    public async Task The_next_address_is_tried_when_one_cannot_be_reached()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        await using var peer = await FakePeer.StartAsync("a");
        peer.Maps = content.MapOf();
        peer.Script.Chunks[Content.NameOf(0)] = content.Chunks[0];
        await using var gone = await FakePeer.StartAsync("gone");
        var closed = gone.Address;
        await gone.DisposeAsync();
        agent.Stream.PeersFound([peer.Info with { Addresses = [closed, peer.Address] }]);

        Assert.Equal(content.Chunks[0], await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
    }

    [Fact]
    public async Task Two_agents_talk_over_IPv6()
    {
        var content = Content.Make();
        await using var seeder = await Agent.StartAsync(content, "seeder", address: IPAddress.IPv6Loopback);
        await seeder.HoldAsync(content);
        await using var agent = await Agent.StartAsync(content);
        agent.Stream.PeersFound([seeder.Info]);

        Assert.Equal(content.Chunks[0], await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
    }

    [Fact]
    public async Task A_steady_drip_ends_at_the_total_time_out()
    {
        var content = Content.Make();
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(content, time: time, settings: ["Fetch:TransferTimeout=00:00:05", "Fetch:IdleTimeout=00:00:05"]);
        var slow = await agent.MeetAsync(content, "slow");
        slow.Script.Then(new ChunkStep.Stall(10));

        var wait = agent.Stream.GetAsync(Content.Id(0), TimeSpan.FromMinutes(1), default).AsTask();
        await Eventually.HoldsAsync(() => agent.Stream.Traffic.DownloadedBytes == 10, "the first bytes");
        await time.PassAsync(TimeSpan.FromSeconds(7));

        Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
        Assert.Equal(2, slow.Count<GetChunkRequest>());
    }

    [Fact]
    public async Task A_silent_body_ends_at_the_idle_time_out()
    {
        var content = Content.Make();
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(content, time: time, settings: ["Fetch:IdleTimeout=00:00:02"]);
        var slow = await agent.MeetAsync(content, "slow");
        slow.Script.Then(new ChunkStep.Stall(10));

        var wait = agent.Stream.GetAsync(Content.Id(0), TimeSpan.FromMinutes(1), default).AsTask();
        await Eventually.HoldsAsync(() => agent.Stream.Traffic.DownloadedBytes == 10, "the first bytes");
        await time.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(1, slow.Count<GetChunkRequest>());
        await time.PassAsync(TimeSpan.FromSeconds(3));

        Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
    }
}
