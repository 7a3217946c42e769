using PeerAgent.Media.Store;
using PeerAgent.Swarm.Assembly;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Tests.Scene;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Fetching;

/// <summary>How much is asked of a peer that has never delivered.</summary>
public sealed class StrangerTests
{
    [Fact]
    public async Task What_nobody_else_has_is_asked_again_of_a_stranger_that_failed_after_a_second()
    {
        var content = Content.Make();
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(content, time: time);
        var peer = await agent.MeetAsync(content, "a");
        peer.Script.Then(new ChunkStep.Refuse(500, ResponseCode.InternalError));

        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => agent.Stream.Peers[0].Failures == 1, "the failure");
        await time.PassAsync(TimeSpan.FromSeconds(1.5));
        await Eventually.HoldsAsync(() => wait.IsCompleted, "the chunk");

        Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
    }

    [Fact]
    public async Task While_somebody_else_has_it_a_stranger_that_failed_is_left_alone_for_longer()
    {
        var content = Content.Make();
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(
            content, time: time, settings: ["Fetch:MaxConnectionsPerPeer=1", "Fetch:RivalAfter=00:01:00", "Fetch:ResponseTimeout=00:01:00"]);
        var stranger = await agent.MeetAsync(content, "stranger", new ChunkStep.Refuse(500, ResponseCode.InternalError));
        var first = agent.Stream.GetAsync(Content.Id(0), TimeSpan.FromMinutes(1), default).AsTask();
        await Eventually.HoldsAsync(() => agent.Stream.Peers[0].Failures == 1, "the failure");
        var busy = await agent.MeetAsync(content, "busy");
        Assert.Equal(content.Chunks[0], await (await first).BytesAsync());

        // The good one has its hands full: the next chunk is in line.
        busy.Script.Otherwise = new ChunkStep.Wait(new ChunkStep.Raw());
        var second = agent.Stream.GetAsync(Content.Id(1), TimeSpan.FromMinutes(1), default).AsTask();
        await Eventually.HoldsAsync(() => busy.Script.InWork == 1, "the second chunk");
        var third = agent.Stream.GetAsync(Content.Id(2), TimeSpan.FromMinutes(1), default).AsTask();
        await time.PassAsync(TimeSpan.FromSeconds(4));
        Assert.Equal(1, stranger.Count<GetChunkRequest>());

        stranger.Script.Otherwise = new ChunkStep.Raw();
        await time.PassAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(content.Chunks[2], await (await third).BytesAsync());
        Assert.Equal(2, stranger.Count<GetChunkRequest>());
        busy.Script.OpenGate();
        Assert.Equal(content.Chunks[1], await (await second).BytesAsync());
    }

    [Fact]
    public async Task An_origin_is_not_held_up_by_what_strangers_have_to_prove()
    {
        await using var origin = await FakeOrigin.StartAsync();
        origin.Script.Otherwise = new ChunkStep.Refuse(500, ResponseCode.InternalError);
        var content = Content.Make(origins: origin.Url);
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(content, time: time);

        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => agent.Stream.Origins[0].Failures == 1, "the failure");
        Assert.Equal(SourceState.Resting, agent.Stream.Origins[0].State);
        origin.Script.Otherwise = new ChunkStep.Raw();
        origin.Script.Chunks[Content.NameOf(0)] = content.Chunks[0];
        await time.PassAsync(TimeSpan.FromSeconds(1.5));
        await Eventually.HoldsAsync(() => wait.IsCompleted, "the chunk");

        Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
    }

    [Fact]
    public async Task Of_a_stranger_one_chunk_at_a_time_is_asked_where_there_is_an_origin()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var content = Content.Make(count: 20, origins: origin.Url);
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(content, time: time);
        for (var i = 0; i < content.Chunks.Count; i++)
        {
            origin.Script.Chunks[Content.NameOf(i)] = content.Chunks[i];
        }

        var stranger = await agent.MeetAsync(content, "stranger", new ChunkStep.Wait(new ChunkStep.Raw()));
        var waits = new[] { 0, 5, 10 }.Select(n => agent.Stream.GetAsync(Content.Id(n), default).AsTask()).ToList();
        await Eventually.HoldsAsync(() => stranger.Script.InWork == 1, "the first request");
        await TimeProvider.System.RestAsync(TimeSpan.FromMilliseconds(200));
        Assert.Equal(1, stranger.Count<GetChunkRequest>());

        stranger.Script.OpenGate();
        await time.PassAsync(TimeSpan.FromSeconds(0.5));
        foreach (var wait in waits)
        {
            await (await wait).BytesAsync();
        }
    }

    [Fact]
    public void Somebody_is_on_trial_until_what_was_given_is_judged_or_thrown_away()
    {
        var peer = new Peer(Named.Peer("a"), transport: null!);
        var assembly = new ChunkAssembly(100, 1000, new MemoryBudget(1000));
        Assert.False(peer.IsOnTrial);
        peer.Opened();
        Assert.True(peer.IsOnTrial);
        peer.Closed();

        foreach (var end in new Action[] { assembly.Clear, () => assembly.Forget(assembly.Missing[0], peer), assembly.Judged })
        {
            assembly.Write(assembly.Missing[0], this, 0, new byte[50], peer);
            Assert.True(peer.IsOnTrial);
            end();
            Assert.False(peer.IsOnTrial);
            assembly.Clear();
            Assert.False(peer.IsOnTrial);
        }
    }
}
