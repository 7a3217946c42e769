using System.Security.Cryptography;
using PeerAgent.Media.Store;
using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Fetching;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Tests.Scene;
using Ppsp.Protocol.Chunks;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Swarms;

public sealed class HashListsTests
{
    private const string Name = "name-video-hashes-L0-00000.sha256";
    private static readonly ChunkId List = new(Content.Level with { Type = "video-hashes" }, 0);

    [Fact]
    public async Task The_list_comes_from_a_peer_and_the_chunks_are_verified_with_it()
    {
        var (content, list) = Make();
        await using var agent = await Agent.StartAsync(content);
        await using var peer = await MeetAsync(agent, content, list, "a");

        Assert.Equal(content.Chunks[3], await (await agent.Stream.GetAsync(Content.Id(3), default)).BytesAsync());
        Assert.Equal(content.Chunks[4], await (await agent.Stream.GetAsync(Content.Id(4), default)).BytesAsync());

        Assert.Equal(1, peer.Received.Count(r => r.Path?.EndsWith(Name, StringComparison.Ordinal) == true));
        Assert.Equal(SHA256.HashData(content.Chunks[3]), agent.Chunks.Layout.HashOf(Content.Id(3))?.ToArray());
        await Eventually.HoldsAsync(() => agent.Chunks.Contains(List), "the list on disk");
    }

    [Fact]
    public async Task A_chunk_that_does_not_match_the_list_is_not_delivered()
    {
        var (content, list) = Make();
        await using var agent = await Agent.StartAsync(content, settings: "Fetch:Deadline=00:00:01");
        await using var peer = await MeetAsync(agent, content, list, "a");
        peer.Script.Chunks[Content.NameOf(0)] = content.Chunks[1];

        Assert.IsType<ChunkOutcome.TimedOut>(await agent.Stream.GetAsync(Content.Id(0), default));
        Assert.Equal(SourceState.Banned, Assert.Single(agent.Stream.Peers).State);
    }

    [Fact]
    public async Task A_list_that_does_not_match_its_root_bans_its_sender_and_another_peer_is_asked()
    {
        var (content, list) = Make();
        await using var agent = await Agent.StartAsync(content);
        await using var liar = await MeetAsync(agent, content, [.. list.Reverse()], "liar");
        await using var honest = await MeetAsync(agent, content, list, "honest");

        for (var i = 0; i < content.Chunks.Count; i++)
        {
            Assert.Equal(content.Chunks[i], await (await agent.Stream.GetAsync(Content.Id(i), default)).BytesAsync());
        }

        Assert.All(
            agent.Stream.Peers.Where(p => p.State == SourceState.Banned), p => Assert.Equal(liar.Id, p.PeerId));
    }

    [Fact]
    public async Task Without_the_list_nothing_is_delivered_and_the_reason_is_told()
    {
        var (content, _) = Make();
        await using var agent = await Agent.StartAsync(content, settings: "Fetch:Deadline=00:00:00.7");
        var peer = await agent.MeetAsync(content, "a");

        var late = Assert.IsType<ChunkOutcome.TimedOut>(await agent.Stream.GetAsync(Content.Id(0), default));
        Assert.Contains($"'{Name}'", late.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(peer.Received, r => r.Path?.EndsWith(".bin", StringComparison.Ordinal) == true);
        Assert.Equal(0, agent.Chunks.HeldCount);
    }

    [Fact]
    public async Task The_list_comes_from_an_origin_and_is_passed_on_to_peers()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var (content, list) = Make(origin.Url);
        origin.Script.Chunks[Name] = list;
        origin.Script.Chunks[Content.NameOf(0)] = content.Chunks[0];
        await using var agent = await Agent.StartAsync(content);

        Assert.Equal(content.Chunks[0], await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
        Assert.Equal([$"/content/{Name}", "/content/name-L0-00000.bin"], origin.Received.Select(r => r.Path));
        await Eventually.HoldsAsync(() => agent.Chunks.HeldCount == 2, "list and chunk on disk");

        var other = Make().Content;
        await using var second = await Agent.StartAsync(other, "other");
        second.Stream.PeersFound([agent.Info]);
        await Eventually.HoldsAsync(() => second.Stream.Peers.Any(p => p.HeldChunks == 2), "the map");
        Assert.Equal(content.Chunks[0], await (await second.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
        Assert.Equal(2, origin.Received.Count);
    }

    [Fact]
    public async Task A_list_longer_than_its_segment_is_cut_off()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var (content, _) = Make(origin.Url);
        await using var agent = await Agent.StartAsync(content, settings: ["Fetch:Deadline=00:00:01", "Fetch:LookupTimeout=00:00:00.1"]);
        origin.Script.Otherwise = new ChunkStep.Endless();

        Assert.IsType<ChunkOutcome.TimedOut>(await agent.Stream.GetAsync(Content.Id(0), default));
        Assert.InRange(agent.Stream.Traffic.OriginBytes, 0, 1 << 20);
    }

    [Fact]
    public async Task A_list_that_may_not_be_kept_serves_all_the_same()
    {
        await using var origin = await FakeOrigin.StartAsync();
        var (content, list) = Make(origin.Url);
        origin.Script.Chunks[Name] = list;
        origin.Script.Chunks[Content.NameOf(0)] = content.Chunks[0];
        origin.Script.Otherwise = new ChunkStep.Header("Cache-Control", "no-store", new ChunkStep.Raw());
        await using var agent = await Agent.StartAsync(content);

        Assert.Equal(content.Chunks[0], await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
        Assert.Equal(0, agent.Chunks.HeldCount);
    }

    [Fact]
    public async Task What_lies_ahead_is_verified_too()
    {
        var (content, list) = Make();
        await using var agent = await Agent.StartAsync(content);
        await using var peer = await MeetAsync(agent, content, list, "a");

        for (var i = 0; i < 2; i++)
        {
            agent.Stream.PlayerAsked("tv", Content.Id(i));
            Assert.Equal(content.Chunks[i], await (await agent.Stream.GetAsync(Content.Id(i), default)).BytesAsync());
        }

        await Eventually.HoldsAsync(() => agent.Chunks.HeldCount == content.Chunks.Count + 1, "the rest of the film");
    }

    [Fact]
    public async Task The_list_is_asked_for_once_however_many_wait()
    {
        var (content, list) = Make();
        await using var agent = await Agent.StartAsync(content);
        await using var peer = await MeetAsync(agent, content, list, "a");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => agent.Stream.GetAsync(Content.Id(i), default).AsTask()));
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(content.Chunks[i], await outcomes[i].BytesAsync());
        }

        Assert.Equal(1, peer.Received.Count(r => r.Path?.EndsWith(Name, StringComparison.Ordinal) == true));
    }

    [Fact]
    public async Task The_list_in_the_store_is_used_without_asking_anybody()
    {
        var (content, list) = Make();
        await using var agent = await Agent.StartAsync(content);
        Assert.Equal(PutOutcome.Stored, await agent.Chunks.PutAsync(List, list, default));
        var peer = await agent.MeetAsync(content, "a");

        Assert.Equal(content.Chunks[0], await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
        Assert.DoesNotContain(peer.Received, r => r.Path?.EndsWith(Name, StringComparison.Ordinal) == true);
    }

    private static (Content Content, byte[] List) Make(params Uri[] origins)
    {
        var content = Content.Make(origins: origins);
        var clip = content.Stream.Clips[0];
        var segment = clip.Components[0].Segments[0];
        var list = segment.Hashes[0].All.ToArray();
        segment = segment with { Hashes = new Dictionary<int, ChunkHashes>(), HashLists = [new HashList(0, SHA256.HashData(list), Name)] };
        return (content.With(content.Stream with { Clips = [clip with { Components = [new Component("video", [segment])] }] }), list);
    }

    /// <summary>A peer that holds all chunks and the list.</summary>
    private static async Task<FakePeer> MeetAsync(Agent agent, Content content, byte[] list, string id)
    {
        var peer = await FakePeer.StartAsync(id);
        var map = new ChunkMapBuilder(0, 1);
        map.Add(0);
        peer.Maps = [.. content.MapOf(), new LevelMap(List.Level, [map.ToChunkMap()])];
        peer.Script.Chunks[Name] = list;
        for (var i = 0; i < content.Chunks.Count; i++)
        {
            peer.Script.Chunks[Content.NameOf(i)] = content.Chunks[i];
        }

        await agent.MeetAsync(peer);
        return peer;
    }
}
