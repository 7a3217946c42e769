using PeerAgent.Swarm.Fetching;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Tests.Scene;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Fetching;

public sealed class ChunkFetchTests
{
    [Fact]
    public async Task A_chunk_comes_from_the_peer_that_holds_it_and_is_in_the_store_then()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");

        var bytes = await (await agent.Stream.GetAsync(Content.Id(3), default)).BytesAsync();
        var again = await (await agent.Stream.GetAsync(Content.Id(3), default)).BytesAsync();

        Assert.Equal(content.Chunks[3], bytes);
        Assert.Equal(content.Chunks[3], again);
        await Eventually.HoldsAsync(() => agent.Chunks.Contains(Content.Id(3)), "the chunk in the store");
        Assert.Equal(1, peer.Count<GetChunkRequest>());
        Assert.Equal("/path/name/name-L0-00003.bin", peer.Received.Last(r => r.Message is GetChunkRequest).Path);
        Assert.Equal(Content.Size, agent.Stream.Traffic.DownloadedBytes);
        Assert.Equal(1, agent.Stream.Traffic.PeerChunks);
        Assert.Equal(0, agent.Stream.Traffic.WastedBytes);
    }

    [Fact]
    public async Task Fifty_who_wait_share_one_fetch()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");
        peer.Script.Then(new ChunkStep.Wait(new ChunkStep.Raw()));

        var waits = Enumerable.Range(0, 50).Select(_ => agent.Stream.GetAsync(Content.Id(0), default).AsTask()).ToList();
        await Eventually.HoldsAsync(() => peer.Script.InWork == 1, "the request");
        peer.Script.OpenGate();

        foreach (var wait in waits)
        {
            Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
        }

        Assert.Equal(1, peer.Count<GetChunkRequest>());
    }

    [Fact]
    public async Task The_peer_is_asked_before_the_one_who_wants_the_chunk_begins_to_wait()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");
        peer.Script.Then(new ChunkStep.Wait(new ChunkStep.Raw()));

        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();

        Assert.Equal(1, Assert.Single(agent.Stream.Peers).OpenRequests);
        peer.Script.OpenGate();
        Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
    }

    [Fact]
    public async Task One_who_goes_away_ends_its_own_wait_only()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");
        peer.Script.Then(new ChunkStep.Wait(new ChunkStep.Raw()));
        using var leaving = new CancellationTokenSource();

        var leaver = agent.Stream.GetAsync(Content.Id(0), leaving.Token).AsTask();
        var stayer = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => peer.Script.InWork == 1, "the request");
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        peer.Script.OpenGate();
        Assert.Equal(content.Chunks[0], await (await stayer).BytesAsync());
        Assert.Equal(1, peer.Count<GetChunkRequest>());
    }

    [Fact]
    public async Task The_last_who_goes_away_ends_the_fetch()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");
        peer.Script.Then(new ChunkStep.Wait(new ChunkStep.Raw()));
        using var leaving = new CancellationTokenSource();

        var leaver = agent.Stream.GetAsync(Content.Id(0), leaving.Token).AsTask();
        await Eventually.HoldsAsync(() => peer.Script.InWork == 1, "the request");
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        await Eventually.HoldsAsync(() => peer.Script.InWork == 0, "the end of the request");
        Assert.False(agent.Chunks.Contains(Content.Id(0)));
    }

    [Fact]
    public async Task An_almost_finished_fetch_is_finished_although_nobody_waits()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");
        peer.Script.Then(new ChunkStep.Stall(Content.Size - 10));
        using var leaving = new CancellationTokenSource();

        var leaver = agent.Stream.GetAsync(Content.Id(0), leaving.Token).AsTask();
        await Eventually.HoldsAsync(() => agent.Stream.Traffic.DownloadedBytes >= Content.Size - 10, "most of the chunk");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        peer.Script.OpenGate();

        await Eventually.HoldsAsync(() => agent.Chunks.Contains(Content.Id(0)), "the chunk in the store");
    }

    [Fact]
    public async Task A_chunk_that_does_not_match_is_thrown_away_and_its_sender_not_asked_again()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        var liar = await agent.MeetAsync(content, "liar");
        liar.Script.Otherwise = new ChunkStep.Bytes(content.Chunks[7]);
        var bad = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => agent.Stream.Peers[0].State == SourceState.Banned, "the ban");
        await agent.MeetAsync(content, "honest");

        Assert.Equal(content.Chunks[0], await (await bad).BytesAsync());
        Assert.Equal(content.Chunks[1], await (await agent.Stream.GetAsync(Content.Id(1), default)).BytesAsync());
        Assert.Equal(1, liar.Count<GetChunkRequest>());
        Assert.Equal(Content.Size, agent.Stream.Traffic.WastedBytes);
        Assert.Equal(1, agent.Stream.Traffic.DamagedChunks);

        // Nor does it come back under another name at the same address.
        agent.Stream.PeersFound([liar.Info with { PeerId = Named.Peer("other") }]);
        Assert.DoesNotContain(agent.Stream.Peers, p => p.PeerId == Named.Peer("other"));
    }

    public static TheoryData<string> Misbehaviours => new(
        "short", "vanish", "endless", "redirect", "not found", "forbidden", "overloaded", "error", "odd part",
        "wrong transaction", "no envelope", "announces too much", "silence");

    [Theory]
    [MemberData(nameof(Misbehaviours))]
    public async Task Another_source_is_asked_when_one_fails(string how)
    {
        var content = Content.Make();
        await using var elsewhere = await FakePeer.StartAsync("elsewhere");
        await using var agent = await Agent.StartAsync(content, settings: ["Fetch:RivalAfter=00:00:00.1", "Store:MaxChunkBytes=1000000"]);
        var bad = await agent.MeetAsync(content, "bad");
        bad.Script.Otherwise = how switch
        {
            "short" => new ChunkStep.Cut(100),
            "vanish" => new ChunkStep.Vanish(100),
            "endless" => new ChunkStep.Endless(),
            "redirect" => new ChunkStep.Redirect(new Uri($"http://{elsewhere.Address}/")),
            "not found" => new ChunkStep.Refuse(404, ResponseCode.ObjectNotFound),
            "forbidden" => new ChunkStep.Refuse(403, ResponseCode.MessageForbidden),
            "overloaded" => new ChunkStep.Refuse(503, ResponseCode.TemporarilyOverloaded, 30),
            "error" => new ChunkStep.Refuse(500, ResponseCode.InternalError),
            "odd part" => new ChunkStep.OddPart(10, 100),
            "wrong transaction" => new ChunkStep.Mixed(Transaction: "1"),
            "no envelope" => new ChunkStep.Bytes(new byte[100_000], "text/xml"),
            "announces too much" => new ChunkStep.Bytes(new byte[1_000_001]),
            _ => new ChunkStep.Wait(new ChunkStep.Raw()),
        };
        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => bad.Count<GetChunkRequest>() > 0, "the first request");
        var good = await agent.MeetAsync(content, "good");

        Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
        Assert.Equal(1, good.Count<GetChunkRequest>());
        Assert.Empty(elsewhere.Received);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_endless_body_is_cut_at_the_largest_chunk(bool mixed)
    {
        const int Most = 1_000_000;
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content, settings: [$"Store:MaxChunkBytes={Most}", "Fetch:Deadline=00:00:00.9"]);
        var peer = await agent.MeetAsync(content, "endless", mixed ? new ChunkStep.Mixed() : new ChunkStep.Endless());
        peer.Script.Chunks[Content.NameOf(0)] = new byte[Most * 4];

        var outcome = Assert.IsType<ChunkOutcome.TimedOut>(await agent.Stream.GetAsync(Content.Id(0), default));

        Assert.Contains("more than any chunk may have", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(1, peer.Count<GetChunkRequest>());
        Assert.InRange(agent.Stream.Traffic.DownloadedBytes, 0, Most);
    }

    [Fact]
    public async Task A_peer_that_forbids_is_not_asked_for_a_minute()
    {
        var content = Content.Make();
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(content, time: time);
        var peer = await agent.MeetAsync(content, "a");
        peer.Script.Then(new ChunkStep.Refuse(403, ResponseCode.MessageForbidden));

        var wait = agent.Stream.GetAsync(Content.Id(0), TimeSpan.FromMinutes(10), default).AsTask();
        await Eventually.HoldsAsync(() => agent.Stream.Peers[0].State == SourceState.Choked, "the choke");
        await time.PassAsync(TimeSpan.FromSeconds(59));
        Assert.Equal(1, peer.Count<GetChunkRequest>());
        await time.PassAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
    }

    [Fact]
    public async Task A_slow_peer_is_overtaken_and_not_the_first_choice_next_time()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content, settings: ["Fetch:RivalAfter=00:00:00.7"]);
        var slow = await agent.MeetAsync(content, "slow");
        slow.Script.Otherwise = new ChunkStep.Stall(100);
        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => slow.Script.InWork == 1, "the slow transfer");
        var fast = await agent.MeetAsync(content, "fast");

        Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
        await Eventually.HoldsAsync(() => slow.Script.InWork == 0, "the end of the slow transfer");
        for (var i = 1; i < 8; i++)
        {
            Assert.Equal(content.Chunks[i], await (await agent.Stream.GetAsync(Content.Id(i), default)).BytesAsync());
        }

        Assert.Equal(1, slow.Count<GetChunkRequest>());
        Assert.Equal(8, fast.Count<GetChunkRequest>());
        Assert.Equal(100, agent.Stream.Traffic.WastedBytes);
    }

    [Fact]
    public async Task A_peer_that_drips_and_will_miss_the_deadline_is_overtaken()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content, settings: ["Fetch:RivalAfter=00:00:00.2"]);
        var dripping = await agent.MeetAsync(content, "drip", new ChunkStep.Drip(20, TimeSpan.FromMilliseconds(20)));
        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => dripping.Script.InWork == 1, "the drip");
        await agent.MeetAsync(content, "fast");

        Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
        await Eventually.HoldsAsync(() => dripping.Script.InWork == 0, "the end of the drip");
        Assert.InRange(agent.Stream.Traffic.WastedBytes, 0, 1000);
    }

    [Fact]
    public async Task Two_at_a_time_and_no_more_are_asked_for_a_chunk()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content, settings: ["Fetch:RivalAfter=00:00:00.05"]);
        var peers = new List<FakePeer>();
        foreach (var id in new[] { "a", "b", "c", "d" })
        {
            peers.Add(await agent.MeetAsync(content, id, new ChunkStep.Wait(new ChunkStep.Raw())));
        }

        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => peers.Sum(p => p.Script.InWork) == 2, "the rival");
        await TimeProvider.System.RestAsync(TimeSpan.FromMilliseconds(300));
        Assert.Equal(2, peers.Sum(p => p.Script.InWork));
        peers.ForEach(p => p.Script.OpenGate());

        Assert.Equal(content.Chunks[0], await (await wait).BytesAsync());
    }

    [Fact]
    public async Task What_nobody_has_is_not_found_at_the_deadline()
    {
        var content = Content.Make();
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(content, time: time, settings: ["Fetch:Deadline=00:00:05"]);

        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => agent.Lookup.Finds == 1, "the look-up");
        await time.PassAsync(TimeSpan.FromSeconds(6));

        Assert.IsType<ChunkOutcome.NotFound>(await wait);
        Assert.True(agent.Lookup.Requests > 0);
    }

    [Fact]
    public async Task A_time_out_says_who_was_asked()
    {
        var content = Content.Make();
        var time = new ManualTime();
        await using var agent = await Agent.StartAsync(content, time: time, settings: ["Fetch:Deadline=00:00:03"]);
        var peer = await agent.MeetAsync(content, "quiet");
        peer.Script.Otherwise = new ChunkStep.Wait(new ChunkStep.Raw());

        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => peer.Script.InWork == 1, "the request");
        await time.PassAsync(TimeSpan.FromSeconds(4));

        Assert.Contains("peer quiet", Assert.IsType<ChunkOutcome.TimedOut>(await wait).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_the_tracker_names_is_asked_without_waiting_for_its_map()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        await using var peer = await FakePeer.StartAsync("named");
        peer.Maps = null;
        peer.Script.Chunks[Content.NameOf(0)] = content.Chunks[0];
        agent.Lookup.Answer = (_, _) => Task.FromResult<IReadOnlyList<PeerInfo>>([peer.Info]);

        Assert.Equal(content.Chunks[0], await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync());
    }

    [Fact]
    public async Task A_chunk_outside_the_manifest_is_not_asked_for()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");

        Assert.IsType<ChunkOutcome.NotInStream>(await agent.Stream.GetAsync(Content.Id(8), default));
        Assert.Equal(0, peer.Count<GetChunkRequest>());
    }

    [Fact]
    public async Task Closing_the_stream_ends_waits_and_requests()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        var peer = await agent.MeetAsync(content, "a");
        peer.Script.Otherwise = new ChunkStep.Wait(new ChunkStep.Raw());
        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => peer.Script.InWork == 1, "the request");

        await agent.Stream.DisposeAsync();

        Assert.IsType<ChunkOutcome.Closed>(await wait);
        await Eventually.HoldsAsync(() => peer.Script.InWork == 0, "the end of the request");
        Assert.False(agent.Swarms.TryGet(content.Stream.SwarmId, out _));
        Assert.IsType<ChunkOutcome.Closed>(await agent.Stream.GetAsync(Content.Id(0), default));
    }
}
