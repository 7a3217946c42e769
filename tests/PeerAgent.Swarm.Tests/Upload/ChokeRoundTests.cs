using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PeerAgent.Swarm.Fetching;
using PeerAgent.Swarm.Tests.Scene;
using PeerAgent.Swarm.Upload;
using Ppsp.Protocol.Peering;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Upload;

/// <summary>Rounds of choke and unchoke, seen from the peers that want chunks.</summary>
public sealed class ChokeRoundTests
{
    private static readonly string[] Addresses = ["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"];

    /// <summary>A rate for one peer at most: two places.</summary>
    private const string LowRate = "Upload:MaxBytesPerSecond=40000";

    [Fact]
    public async Task Who_gave_us_most_stays_and_one_other_place_goes_round()
    {
        await using var crowd = await Crowd.StartAsync(LowRate);
        await crowd.GivesAsync("p2");
        Assert.All(await crowd.AskAllAsync(), s => Assert.Equal(HttpStatusCode.OK, s));

        var rounds = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            await crowd.EndRoundAsync();
            rounds.Add(string.Join(' ', crowd.Served()));
            await crowd.AskAllAsync();
        }

        Assert.Equal(["p0 p2", "p1 p2", "p2 p3"], rounds);
    }

    [Fact]
    public async Task Choked_peers_are_told_and_refused_until_unchoked()
    {
        await using var crowd = await Crowd.StartAsync(LowRate);
        await crowd.AskAllAsync();

        await crowd.EndRoundAsync();
        await Eventually.HoldsAsync(() => crowd.Told("p2") == "choke" && crowd.Told("p3") == "choke", "two that are told");
        Assert.Equal(HttpStatusCode.Forbidden, (await crowd.AskAllAsync())[3]);
        Assert.Equal(["p2", "p3"], crowd.Agent.Use().ChokedPeers.Select(p => p.Value));
        Assert.True(crowd.Agent.Stream.Peers.Single(p => p.PeerId.Value == "p3").ChokedByUs);
        await crowd.EndRoundAsync();
        await Eventually.HoldsAsync(() => crowd.Told("p2") == "choke unchoke" && crowd.Told("p0") == "choke", "the change of places");

        Assert.Equal(HttpStatusCode.OK, (await crowd.AskAllAsync())[3]);
    }

    [Fact]
    public async Task When_fewer_want_chunks_nobody_stays_choked()
    {
        await using var crowd = await Crowd.StartAsync(LowRate);
        await crowd.AskAllAsync();
        await crowd.EndRoundAsync();
        Assert.NotEmpty(crowd.Agent.Use().ChokedPeers);

        for (var i = 0; i < 5; i++)
        {
            await crowd.EndRoundAsync();
        }

        Assert.Empty(crowd.Agent.Use().ChokedPeers);
        Assert.All(crowd.Agent.Stream.Peers, p => Assert.False(p.ChokedByUs));
        await Eventually.HoldsAsync(() => crowd.Told("p3").EndsWith("unchoke", StringComparison.Ordinal), "the news");
    }

    [Fact]
    public async Task As_long_as_the_rate_does_for_all_nobody_is_choked()
    {
        await using var crowd = await Crowd.StartAsync("Upload:MaxBytesPerSecond=140000");
        await crowd.AskAllAsync();

        await crowd.EndRoundAsync();

        Assert.Empty(crowd.Agent.Use().ChokedPeers);
    }

    [Fact]
    public async Task As_long_as_all_get_theirs_in_time_nobody_is_choked_however_low_the_rate()
    {
        await using var crowd = await Crowd.StartAsync(LowRate);
        await crowd.AskAllInTimeAsync();

        await crowd.EndRoundAsync();

        Assert.Equal(4, crowd.Served().Count);
    }

    [Fact]
    public async Task When_chunks_come_long_after_they_were_due_some_are_choked()
    {
        var time = new ManualTime();
        var content = Content.Make(count: 1, size: 2_000_000);
        await using var agent = await Agent.StartAsync(content, time: time, settings: LowRate);
        await agent.HoldAsync(content);
        var takers = Addresses.Select(a => new Taker(agent.Url, a)).ToList();
        var takes = takers.Select((t, i) => t.TakeAsync(0, $"p{i}")).ToList();
        await Eventually.HoldsAsync(() => agent.Use().ActiveUploads == takers.Count, "all uploads under way");

        await time.PassAsync(ChokeRounds.Round);

        await Eventually.HoldsAsync(() => agent.Use().ChokedPeers.Count == takers.Count - ChokeBoard.FewestPlaces, "the others choked");
        takers.ForEach(t => t.Dispose());
        await Task.WhenAll(takes);
    }

    [Fact]
    public async Task Made_up_names_win_no_place_and_lead_past_no_choke()
    {
        await using var crowd = await Crowd.StartAsync(LowRate);
        using var liar = new Taker(crowd.Agent.Url, "127.0.0.6");
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await liar.StatusAsync(0, $"made-up-{i}"));
        }

        await crowd.AskAllAsync();
        await crowd.EndRoundAsync();
        Assert.Equal(["p0"], crowd.Served());
        Assert.Equal(HttpStatusCode.Forbidden, await liar.StatusAsync(0, "made-up-another-time"));
        await crowd.AskAllAsync();
        await crowd.EndRoundAsync();

        Assert.Equal(["p1", "p2"], crowd.Served());
        Assert.DoesNotContain("p3", crowd.Served());
    }

    [Fact]
    public async Task A_stolen_name_does_not_choke_its_owner()
    {
        await using var crowd = await Crowd.StartAsync(LowRate);
        await crowd.AskAllAsync();
        using var thief = new Taker(crowd.Agent.Url, "127.0.0.7");
        await thief.StatusAsync(0, "p0");

        await crowd.EndRoundAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await thief.StatusAsync(0, "p0"));
        Assert.Equal(HttpStatusCode.OK, (await crowd.AskAllAsync())[0]);
        Assert.Equal("", crowd.Told("p0"));
    }

    /// <summary>An agent and four peers, each at an address of its own, that want its chunks.</summary>
    private sealed class Crowd : IAsyncDisposable
    {
        private readonly ManualTime _time = new();
        private readonly List<FakePeer> _peers = [];
        private readonly List<Taker> _takers = [];
        private readonly Content _content = Content.Make(size: 200);

        public Agent Agent { get; private set; } = null!;

        public static async Task<Crowd> StartAsync(params string[] settings)
        {
            var crowd = new Crowd();
            crowd.Agent = await Agent.StartAsync(crowd._content, time: crowd._time, settings: settings);
            await crowd.Agent.HoldAsync(crowd._content, 0);
            for (var i = 0; i < Addresses.Length; i++)
            {
                var peer = await FakePeer.StartAsync($"p{i}", IPAddress.Parse(Addresses[i]));
                peer.Script.Chunks[crowd.Agent.Chunks.Layout.NameOf(Content.Id(i + 1))] = crowd._content.Chunks[i + 1];
                peer.Maps = crowd._content.MapOf(i + 1);
                crowd._peers.Add(peer);
                crowd._takers.Add(new Taker(crowd.Agent.Url, Addresses[i]));
                await crowd.Agent.MeetAsync(peer);
            }

            return crowd;
        }

        /// <summary>We take a chunk from it.</summary>
        public async Task GivesAsync(string peer)
        {
            var number = _peers.FindIndex(p => p.Id.Value == peer) + 1;
            using var chunk = Assert.IsType<ChunkOutcome.Held>(await Agent.Stream.GetAsync(Content.Id(number), default)).Chunk;
        }

        /// <summary>Everybody asks for a chunk that we hold, and one gets it late.</summary>
        public Task<HttpStatusCode[]> AskAllAsync()
        {
            Agent.Services.GetRequiredService<ChokeBoard>().Late();
            return AskAllInTimeAsync();
        }

        /// <summary>Everybody asks for a chunk that we hold, and gets it in time.</summary>
        public async Task<HttpStatusCode[]> AskAllInTimeAsync()
        {
            var answers = new HttpStatusCode[_takers.Count];
            for (var i = 0; i < answers.Length; i++)
            {
                answers[i] = await _takers[i].StatusAsync(0, $"p{i}");
            }

            return answers;
        }

        /// <summary>What it was told of choke, in order.</summary>
        public string Told(string peer) => string.Join(
            ' ', _peers.Single(p => p.Id.Value == peer).Received.Select(r => r.Message).OfType<PeerStatusRequest>().Select(s => s.Status));

        /// <summary>Those that are not choked.</summary>
        public IReadOnlyList<string> Served() =>
            [.. _peers.Select(p => p.Id.Value).Except(Agent.Use().ChokedPeers.Select(p => p.Value))];

        public async Task EndRoundAsync()
        {
            var before = Agent.Round();
            await _time.PassAsync(ChokeRounds.Round);
            await Eventually.HoldsAsync(() => Agent.Round() == before + 1, "the end of the round");
        }

        public async ValueTask DisposeAsync()
        {
            _takers.ForEach(t => t.Dispose());
            await Agent.DisposeAsync();
            foreach (var peer in _peers)
            {
                await peer.DisposeAsync();
            }
        }
    }
}
