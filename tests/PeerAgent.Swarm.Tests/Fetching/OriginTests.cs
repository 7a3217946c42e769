using PeerAgent.Swarm.Fetching;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Tests.Scene;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Fetching;

public sealed class OriginTests
{
    [Fact]
    public async Task An_origin_is_not_asked_while_a_peer_delivers()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var content = Content.Make(origins: origin.Url);
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");

        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(content.Chunks[i], await (await agent.Stream.GetAsync(Content.Id(i), default)).BytesAsync());
        }

        Assert.Empty(origin.Received);
        Assert.Equal(8, peer.Count<GetChunkRequest>());
    }

    [Fact]
    public async Task What_no_peer_has_comes_from_the_origin_after_the_trackers_were_asked()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var content = Content.Make(origins: origin.Url);
        await using var agent = await Agent.StartAsync(content);
        await agent.MeetAsync(content, "a", 1, 2);
        origin.Script.Chunks[Content.NameOf(0)] = content.Chunks[0];

        Assert.Equal(content.Chunks[0], await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
        Assert.Equal("/content/name-L0-00000.bin", Assert.Single(origin.Received).Path);
        Assert.Equal(1, agent.Lookup.Finds);
        Assert.Equal(Content.Size, agent.Stream.Traffic.OriginBytes);
        Assert.Equal(1, agent.Stream.Traffic.OriginChunks);
        Assert.Equal(0, agent.Stream.Traffic.DownloadedBytes);
    }

    [Fact]
    public async Task An_origin_rescues_when_the_only_peer_fails()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var content = Content.Make(origins: origin.Url);
        await using var agent = await Agent.StartAsync(content);
        origin.Script.Chunks[Content.NameOf(0)] = content.Chunks[0];
        var peer = await agent.MeetAsync(content, "a");
        peer.Script.Otherwise = new ChunkStep.Vanish(10);

        Assert.Equal(content.Chunks[0], await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
    }

    [Fact]
    public async Task An_origin_rescues_from_a_silent_peer_when_the_player_runs_dry()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var content = Content.Make(origins: origin.Url);
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(
            content, time: time, settings: ["Fetch:ResponseTimeout=00:01:00", "Fetch:OriginRescue=00:00:04"]);
        origin.Script.Chunks[Content.NameOf(0)] = content.Chunks[0];
        var peer = await agent.MeetAsync(content, "a");
        peer.Script.Otherwise = new ChunkStep.Wait(new ChunkStep.Raw());

        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => peer.Script.InWork == 1, "the request");
        await time.PassAsync(TimeSpan.FromSeconds(0.3));
        Assert.Empty(origin.Received);
        for (var i = 0; i < 10 && origin.Received.Count == 0; i++)
        {
            await time.PassAsync(TimeSpan.FromSeconds(0.5));
        }

        Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
    }

    [Fact]
    public async Task Origins_are_tried_by_priority()
    {
        await using var first = await FakeOrigin.StartAsync();
        await using var second = await FakeOrigin.StartAsync();
        var content = Content.Make(origins: [first.Url, second.Url]);
        await using var agent = await Agent.StartAsync(content);
        first.Script.Otherwise = new ChunkStep.Refuse(500, ResponseCode.InternalError);
        second.Script.Chunks[Content.NameOf(0)] = content.Chunks[0];

        Assert.Equal(content.Chunks[0], await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
        Assert.Single(first.Received);
        Assert.Single(second.Received);
        Assert.Equal(1, agent.Stream.Origins[0].Failures);
        Assert.Equal(SourceState.Usable, agent.Stream.Origins[1].State);
    }

    [Fact]
    public async Task An_origin_is_verified_like_a_peer()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var content = Content.Make(origins: origin.Url);
        await using var agent = await Agent.StartAsync(content, settings: ["Fetch:Deadline=00:00:01"]);
        origin.Script.Otherwise = new ChunkStep.Bytes(content.Chunks[1]);

        Assert.IsType<ChunkOutcome.TimedOut>(await agent.Stream.GetAsync(Content.Id(0), default));
        Assert.Equal(SourceState.Banned, agent.Stream.Origins[0].State);
        Assert.Single(origin.Received);
    }

    [Fact]
    public async Task A_tracker_that_does_not_answer_holds_the_origin_up_for_a_moment_only()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var content = Content.Make(origins: origin.Url);
        await using var agent = await Agent.StartAsync(content, settings: ["Fetch:LookupTimeout=00:00:00.2"]);
        origin.Script.Chunks[Content.NameOf(0)] = content.Chunks[0];
        agent.Lookup.Answer = async (_, ct) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            return [];
        };

        Assert.Equal(content.Chunks[0], await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
    }

    [Fact]
    public async Task A_tracker_look_up_that_throws_does_not_take_the_origin_away()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var content = Content.Make(origins: origin.Url);
        await using var agent = await Agent.StartAsync(content);
        origin.Script.Chunks[Content.NameOf(0)] = content.Chunks[0];
        agent.Lookup.Answer = (_, _) => throw new InvalidOperationException("A bug of the host.");

        Assert.Equal(content.Chunks[0], await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
    }

    [Fact]
    public async Task User_name_and_password_of_an_origin_are_not_shown()
    {
        var content = Content.Make(origins: new Uri("http://user:secret@127.0.0.1:9/content/"));
        await using var agent = await Agent.StartAsync(content);

        Assert.Equal("http://127.0.0.1:9/content/", Assert.Single(agent.Stream.Origins).Url);
    }
}
