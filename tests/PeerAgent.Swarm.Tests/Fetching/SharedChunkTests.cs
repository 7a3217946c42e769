using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Tests.Scene;
using Ppsp.Protocol.Peering;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Fetching;

/// <summary>One chunk from several peers at once.</summary>
public sealed class SharedChunkTests
{
    private const int Size = 400_000;
    private static readonly ChunkStep Slow = new ChunkStep.Paced(4_000, TimeSpan.FromMilliseconds(20));

    [Fact]
    public async Task Slow_peers_share_a_chunk_and_no_byte_comes_twice()
    {
        var content = Content.Make(size: Size);
        await using var agent = await Agent.StartAsync(content);
        var peers = new List<FakePeer>();
        foreach (var id in new[] { "a", "b", "c" })
        {
            peers.Add(await agent.MeetAsync(content, id, Slow));
        }

        var bytes = await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync();

        Assert.Equal(content.Chunks[0], bytes);
        Assert.True(peers.Count(p => p.Count<GetChunkRequest>() > 0) >= 2, "one peer gave all of it");
        Assert.InRange(agent.Stream.Traffic.WastedBytes, 0, Size / 20);
        var trace = agent.Stream.TraceOf(Content.Id(0))!;
        Assert.Equal("Whole", trace.End);
        Assert.Contains(trace.Steps, s => s.What == "asked" && s.Detail.Contains("alone would take", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Peers_known_to_be_slow_are_asked_for_parts_from_the_start()
    {
        var content = Content.Make(size: Size);
        await using var agent = await Agent.StartAsync(content);
        var peers = new List<FakePeer>();
        foreach (var id in new[] { "a", "b", "c" })
        {
            peers.Add(await agent.MeetAsync(content, id, Slow));
        }

        for (var number = 0; number < 3; number++)
        {
            Assert.Equal(content.Chunks[number], await (await agent.Stream.GetAsync(Content.Id(number), default)).BytesAsync());
        }

        var last = peers.SelectMany(p => p.Received).Where(r => r.Path!.EndsWith("00002.bin", StringComparison.Ordinal)).ToList();
        Assert.All(last, r => Assert.True(r.Headers.ContainsKey("Range"), "the whole chunk was asked for"));
        Assert.True(last.Count >= 2, "one peer was asked alone");
    }

    [Fact]
    public async Task Who_is_found_before_the_first_byte_is_here_gets_a_share_of_what_one_was_asked_for()
    {
        var content = Content.Make(size: Size);
        await using var agent = await Agent.StartAsync(content, settings: ["Fetch:RivalAfter=00:00:20"]);
        var first = await agent.MeetAsync(content, "first", Slow);
        await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync();
        first.Script.Otherwise = new ChunkStep.Wait(new ChunkStep.Raw());
        var wait = agent.Stream.GetAsync(Content.Id(1), default).AsTask();
        await Eventually.HoldsAsync(() => first.Script.InWork == 1, "all of it is asked of one");

        var second = await agent.MeetAsync(content, "second");
        await Eventually.HoldsAsync(() => second.Count<GetChunkRequest>() > 0, "a share is asked of the other");
        first.Script.OpenGate();

        Assert.Equal(content.Chunks[1], await (await wait).BytesAsync());
        Assert.StartsWith("bytes=", second.Received.First(r => r.Message is GetChunkRequest).Headers["Range"], StringComparison.Ordinal);
        Assert.Contains(
            agent.Stream.TraceOf(Content.Id(1))!.Steps,
            s => s.Source == "peer second" && s.Detail.EndsWith("one source alone would take too long", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_several_who_gave_parts_of_a_wrong_chunk_only_the_liar_is_banned()
    {
        var content = Content.Make(size: Size);
        await using var agent = await Agent.StartAsync(content);
        await agent.MeetAsync(content, "a", Slow);
        await agent.MeetAsync(content, "b", Slow);
        await agent.MeetAsync(content, "liar", new ChunkStep.Paced(4_000, TimeSpan.FromMilliseconds(20), Lies: true));

        for (var number = 0; number < 8 && StateOf(agent, "liar") != SourceState.Banned; number++)
        {
            Assert.Equal(content.Chunks[number], await (await agent.Stream.GetAsync(Content.Id(number), default)).BytesAsync());
        }

        Assert.Equal(SourceState.Banned, StateOf(agent, "liar"));
        Assert.NotEqual(SourceState.Banned, StateOf(agent, "a"));
        Assert.NotEqual(SourceState.Banned, StateOf(agent, "b"));
    }

    [Fact]
    public async Task What_a_good_peer_gave_before_it_broke_off_is_gone_on_with()
    {
        var content = Content.Make(size: Size);
        await using var agent = await Agent.StartAsync(content);
        var first = await agent.MeetAsync(content, "first");
        await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync();
        first.Script.Otherwise = new ChunkStep.Vanish(100_000);
        var wait = agent.Stream.GetAsync(Content.Id(1), default).AsTask();
        await Eventually.HoldsAsync(() => agent.Stream.Peers.Single(p => p.PeerId == first.Id).Failures > 0, "the break");
        var second = await agent.MeetAsync(content, "second");

        Assert.Equal(content.Chunks[1], await (await wait).BytesAsync());
        Assert.Equal(0, agent.Stream.Traffic.WastedBytes);
        Assert.StartsWith("bytes=", second.Received.First(r => r.Message is GetChunkRequest).Headers["Range"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_liar_gave_is_had_from_others_and_the_rest_is_kept()
    {
        var content = Content.Make(size: Size);
        await using var agent = await Agent.StartAsync(content);
        foreach (var id in new[] { "a", "b", "c" })
        {
            await agent.MeetAsync(content, id, Slow);
        }

        await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync();
        await agent.MeetAsync(content, "liar", new ChunkStep.Paced(4_000, TimeSpan.FromMilliseconds(10), Lies: true));

        Assert.Equal(content.Chunks[1], await (await agent.Stream.GetAsync(Content.Id(1), default)).BytesAsync());
        Assert.Equal(SourceState.Banned, StateOf(agent, "liar"));
        Assert.All(new[] { "a", "b", "c" }, id => Assert.NotEqual(SourceState.Banned, StateOf(agent, id)));
        Assert.InRange(agent.Stream.Traffic.WastedBytes, 1, Size * 2 / 3);
        Assert.Equal(1, agent.Stream.Traffic.DamagedChunks);
        var asked = agent.Stream.TraceOf(Content.Id(1))!.Steps.Where(s => s.What == "asked").ToList();
        Assert.Contains(asked, s => s.Detail.Contains("what peer liar gave may be wrong", StringComparison.Ordinal));
        Assert.DoesNotContain(asked, s => s.Detail.StartsWith("all of it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Liars_who_tell_the_same_lie_are_found_one_after_the_other()
    {
        var content = Content.Make(size: Size);
        await using var agent = await Agent.StartAsync(content);
        foreach (var id in new[] { "a", "b" })
        {
            await agent.MeetAsync(content, id, Slow);
        }

        await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync();
        foreach (var id in new[] { "liar", "crony" })
        {
            (await agent.MeetAsync(content, id)).Script.Chunks[Content.NameOf(1)] = new byte[Size];
        }

        // They are quick: each is to check what the other gave, and then to give all of it.
        Assert.Equal(content.Chunks[1], await (await agent.Stream.GetAsync(Content.Id(1), default)).BytesAsync());
        Assert.Equal(SourceState.Banned, StateOf(agent, "liar"));
        Assert.Equal(SourceState.Banned, StateOf(agent, "crony"));
        Assert.NotEqual(SourceState.Banned, StateOf(agent, "a"));
        Assert.NotEqual(SourceState.Banned, StateOf(agent, "b"));
        var asked = agent.Stream.TraceOf(Content.Id(1))!.Steps.Where(s => s.What == "asked").ToList();
        Assert.Contains(asked, s => s.Detail.StartsWith("all of it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_lies_and_when_the_chunk_comes_and_nobody_honest_is_banned()
    {
        var random = new Random(11);
        for (var round = 0; round < 6; round++)
        {
            var content = Content.Make(size: Size, count: 3);
            await using var agent = await Agent.StartAsync(content);
            var liars = random.Next(1, 3);
            for (var i = 0; i < 5; i++)
            {
                var pace = new ChunkStep.Paced(random.Next(1_000, 40_000), TimeSpan.FromMilliseconds(10));
                var peer = await agent.MeetAsync(content, i < liars ? $"liar-{i}" : $"honest-{i}", pace);
                for (var number = 0; i < liars && number < content.Chunks.Count; number++)
                {
                    var lie = content.Chunks[number].ToArray();
                    lie[random.Next(Size)] ^= 1;
                    lie[random.Next(Size)] ^= 1;
                    peer.Script.Chunks[Content.NameOf(number)] = lie;
                }
            }

            for (var number = 0; number < content.Chunks.Count; number++)
            {
                Assert.Equal(content.Chunks[number], await (await agent.Stream.GetAsync(Content.Id(number), default)).BytesAsync());
            }

            Assert.All(
                agent.Stream.Peers.Where(p => p.State == SourceState.Banned),
                p => Assert.StartsWith("liar", p.PeerId.ToString(), StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task One_who_lies_about_the_length_does_not_shut_others_out()
    {
        var content = Content.Make(size: Size);
        await using var agent = await Agent.StartAsync(content, settings: ["Fetch:RivalAfter=00:00:00.2", "Fetch:IdleTimeout=00:00:01"]);
        var liar = await agent.MeetAsync(content, "liar");
        liar.Script.Chunks[Content.NameOf(0)] = new byte[Size * 3];
        liar.Script.Otherwise = new ChunkStep.Stall(10);
        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => agent.Stream.Traffic.DownloadedBytes >= 10, "the liar's first bytes");
        await agent.MeetAsync(content, "honest");

        Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
        Assert.NotEqual(SourceState.Banned, StateOf(agent, "honest"));
    }

    [Fact]
    public async Task A_peer_that_knows_no_parts_gives_the_whole()
    {
        var content = Content.Make(size: Size);
        await using var agent = await Agent.StartAsync(content, settings: ["Fetch:RivalAfter=00:00:00.2"]);
        var broken = await agent.MeetAsync(content, "broken", new ChunkStep.Vanish(100_000));
        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => broken.Count<GetChunkRequest>() > 0, "the first request");
        await agent.MeetAsync(content, "plain", new ChunkStep.Mixed());

        Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
    }

    private static SourceState StateOf(Agent agent, string id) =>
        agent.Stream.Peers.SingleOrDefault(p => p.PeerId == Named.Peer(id))?.State ?? SourceState.Banned;
}
