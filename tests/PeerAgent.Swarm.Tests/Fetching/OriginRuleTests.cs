using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Tests.Scene;
using Ppsp.Protocol.Peering;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Fetching;

/// <summary>When an origin is asked, of a film that peers have too. A chunk plays for two seconds.</summary>
public sealed class OriginRuleTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private FakeOrigin _origin = null!;
    private Agent _agent = null!;
    private Content _content = null!;

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task A_start_is_the_origins_while_no_peer_has_proven_anything()
    {
        await StartAsync();
        var peer = await _agent.MeetAsync(_content, "a");

        await PlayAsync(0);

        Assert.Single(_origin.Received);
        Assert.Equal(0, peer.Count<GetChunkRequest>());
    }

    [Fact]
    public async Task A_start_is_a_peers_that_is_known_to_be_quick()
    {
        await StartAsync();
        var peer = await _agent.MeetAsync(_content, "a");
        await ProveAsync(7);

        await PlayAsync(0);

        Assert.Empty(_origin.Received);
        Assert.Equal(2, peer.Count<GetChunkRequest>());
    }

    [Fact]
    public async Task A_player_with_enough_to_play_waits_for_a_peer_but_not_for_ever()
    {
        await StartAsync();
        var peer = await _agent.MeetAsync(_content, "a");
        await ProveAsync(7);
        for (var i = 0; i < 3; i++)
        {
            await PlayAsync(i);
        }

        var wait = await WaitForASecondAsync(peer, 3);
        Assert.Empty(_origin.Received);

        // Six seconds are left to play; a player that waits for three takes the line for slow.
        await _time.PassAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(_content.Chunks[3], await wait());
        Assert.Equal(Content.NameOf(3), Assert.Single(_origin.Received).Path.Split('/')[^1]);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Where_there_is_no_other_level_to_go_to_a_player_waits_for_half_of_what_it_has(int levels, bool waits)
    {
        await StartAsync(levels: levels);
        var peer = await _agent.MeetAsync(_content, "a");
        await ProveAsync(7);
        for (var i = 0; i < 6; i++)
        {
            await PlayAsync(i);
        }

        var wait = await WaitForASecondAsync(peer, 6);
        await _time.PassAsync(TimeSpan.FromSeconds(2.5));

        // Twelve seconds are left to play, six of them for waiting.
        Assert.Equal(waits, _origin.Received.Count == 0);
        await _time.PassAsync(TimeSpan.FromSeconds(2.3));

        Assert.Equal(_content.Chunks[6], await wait());
        Assert.Single(_origin.Received);
    }

    [Fact]
    public async Task However_much_a_player_has_it_waits_for_eight_seconds_at_most()
    {
        await StartAsync(chunks: 24);
        var peer = await _agent.MeetAsync(_content, "a");
        await ProveAsync(23);
        for (var i = 0; i < 20; i++)
        {
            await PlayAsync(i);
        }

        var wait = await WaitForASecondAsync(peer, 20);
        await _time.PassAsync(TimeSpan.FromSeconds(4));
        Assert.Empty(_origin.Received);
        await _time.PassAsync(TimeSpan.FromSeconds(3));

        Assert.Equal(_content.Chunks[20], await wait());
        Assert.Single(_origin.Received);
    }

    [Fact]
    public async Task What_an_unproven_peer_had_begun_tells_whether_it_lied()
    {
        await StartAsync();
        await PlayAsync(0);
        await _agent.MeetAsync(_content, "slow", new ChunkStep.Stall(6_000));
        await _agent.MeetAsync(_content, "liar", new ChunkStep.Paced(4_000, TimeSpan.FromHours(1), Lies: true));

        foreach (var chunk in new[] { 1, 2 })
        {
            _agent.Stream.PlayerAsked("tv", Content.Id(chunk));
            var wait = _agent.Stream.GetAsync(Content.Id(chunk), default).AsTask();
            await _time.PassAsync(TimeSpan.FromSeconds(4));
            Assert.Equal(_content.Chunks[chunk], await (await wait).BytesAsync());
        }

        Assert.Equal(SourceState.Banned, _agent.Stream.Peers.Single(p => p.PeerId.Value == "liar").State);
        Assert.NotEqual(SourceState.Banned, _agent.Stream.Peers.Single(p => p.PeerId.Value == "slow").State);
    }

    [Fact]
    public async Task What_nobody_waits_for_is_left_to_peers()
    {
        await StartAsync("Playback:Urgent=00:00:15");
        var peer = await _agent.MeetAsync(_content, "a", new ChunkStep.Wait(new ChunkStep.Raw()));
        await PlayAsync(0);

        _agent.Stream.PlayerAsked("tv", Content.Id(1));
        await Eventually.HoldsAsync(() => peer.Script.InWork > 0, "requests for what comes next");
        await _time.PassAsync(TimeSpan.FromSeconds(0.5));

        Assert.Equal(Content.NameOf(0), Assert.Single(_origin.Received).Path.Split('/')[^1]);
    }

    private async Task StartAsync(string setting = "Playback:Urgent=00:00:00", int levels = 1, int chunks = 8)
    {
        _origin = await FakeOrigin.StartAsync();
        _content = Content.Make(count: chunks, origins: _origin.Url).WithLevels(levels);
        for (var i = 0; i < _content.Chunks.Count; i++)
        {
            _origin.Script.Chunks[Content.NameOf(i)] = _content.Chunks[i];
        }

        _agent = await Agent.StartAsync(_content, time: _time, settings: [setting, "Playback:MaxParallelAhead=0", "Fetch:ResponseTimeout=00:01:00"]);
    }

    /// <summary>The peer shows what it is worth, with a chunk that no player waits for in a hurry.</summary>
    private async Task ProveAsync(int chunk)
    {
        Assert.Equal(_content.Chunks[chunk], await (await _agent.Stream.GetAsync(Content.Id(chunk), default)).BytesAsync());
        Assert.Empty(_origin.Received);
    }

    /// <summary>The player asks for a chunk that the peer was asked for a second ago, and does not send.</summary>
    private async Task<Func<Task<byte[]>>> WaitForASecondAsync(FakePeer peer, int chunk)
    {
        peer.Script.Otherwise = new ChunkStep.Wait(new ChunkStep.Raw());
        _agent.Stream.PlayerAsked("tv", Content.Id(chunk));
        var wait = _agent.Stream.GetAsync(Content.Id(chunk), default).AsTask();
        await _time.PassAsync(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(() => peer.Script.InWork == 1, "the request to the peer");
        return async () => await (await wait).BytesAsync();
    }

    private async Task PlayAsync(int chunk)
    {
        _agent.Stream.PlayerAsked("tv", Content.Id(chunk));
        Assert.Equal(_content.Chunks[chunk], await (await _agent.Stream.GetAsync(Content.Id(chunk), default)).BytesAsync());
    }
}
