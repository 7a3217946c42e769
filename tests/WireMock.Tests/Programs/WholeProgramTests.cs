using System.Text.Json.Nodes;
using EndToEnd.Tests.Programs;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;
using WireMock.Tests.Server;

namespace WireMock.Tests.Programs;

/// <summary>The peer-agent program itself, as a process, before faked trackers, with a player that reads chunks.</summary>
public sealed class WholeProgramTests(FakedTrackers trackers)
{
    private static readonly string[] Hasty =
    [
        "--PeerAgent:Tracker:StatReportInterval=00:00:00.2", "--PeerAgent:Tracker:RequestTimeout=00:00:00.5",
        "--PeerAgent:Tracker:Retries=1",
    ];

    private static readonly string[] Bad =
    [
        "black-hole", "stalls", "empty-response", "malformed-response-chunk", "random-data-then-close",
        "connection-reset-by-peer", "internal-error", "temporarily-overloaded", "version-not-supported", "oversized", "html",
        "malformed-xml", "empty-body", "wrong-transaction", "redirect",
    ];

    [Fact]
    public async Task It_registers_reports_what_it_fetched_and_says_goodbye_on_SIGTERM()
    {
        using var folder = new TempFolder();
        await using var film = await Film.StartAsync();
        await using var agent = await Agent.RunAsync(folder["state"], "--PeerAgent:Tracker:StatReportInterval=00:00:00.2");
        var path = $"program-{Guid.NewGuid():N}";

        var stream = await agent.PostManifestAsync(await film.WriteManifestAsync(folder, "film", trackers.Url(path)));
        await PlayAsync(agent, stream, film);
        await Eventually.HoldsAsync(async () => await ToldHeldAsync(path) == Film.Chunks, "every chunk is reported");
        agent.Program.Terminate();
        Assert.Equal(0, await agent.Program.ExitAsync());

        var sent = await trackers.SentToAsync(path);
        var verbs = Once(sent);
        Assert.Equal(["CONNECT", "JOIN film", "FIND_PEER film", "STAT_REPORT"], verbs.Take(4));
        Assert.Equal(["LEAVE film", "DISCONNECT"], verbs.TakeLast(2));
        Assert.Single(sent.Select(r => r.Message!.PeerId).Distinct());
    }

    [Fact]
    public async Task Bad_trackers_of_every_kind_stop_no_player_and_no_goodbye()
    {
        using var folder = new TempFolder();
        await using var film = await Film.StartAsync();
        await using var agent = await Agent.RunAsync(folder["state"], Hasty);

        await Task.WhenAll(Bad.Select(async bad =>
        {
            var stream = await agent.PostManifestAsync(await film.WriteManifestAsync(folder, bad, trackers.Url(bad)));
            await PlayAsync(agent, stream, film);
        }));

        agent.Program.Terminate();
        Assert.Equal(0, await agent.Program.ExitAsync());
    }

    [Fact]
    public async Task Trackers_that_go_bad_in_the_middle_stop_no_player_and_are_used_again_when_they_are_well()
    {
        using var folder = new TempFolder();
        await using var film = await Film.StartAsync();
        await using var agent = await Agent.RunAsync(folder["state"], Hasty);
        (string Swarm, string Path, JsonObject Trouble)[] streams =
        [
            ("silent", $"program-{Guid.NewGuid():N}", new() { ["fixedDelayMilliseconds"] = 60_000 }),
            ("broken", $"program-{Guid.NewGuid():N}", new() { ["fault"] = "CONNECTION_RESET_BY_PEER" }),
            ("faulty", $"program-{Guid.NewGuid():N}", new() { ["status"] = 500 }),
        ];

        await Task.WhenAll(streams.Select(async s =>
        {
            var stream = await agent.PostManifestAsync(await film.WriteManifestAsync(folder, s.Swarm, trackers.Url(s.Path)));
            await ReadChunkAsync(agent, stream, film, 0);
            await using (await trackers.ChangeAsync(s.Path, s.Trouble))
            {
                var before = (await trackers.SentToAsync(s.Path)).Count;
                await Eventually.HoldsAsync(async () => (await trackers.SentToAsync(s.Path)).Count >= before + 2, "the agent meets the trouble");
                await PlayAsync(agent, stream, film);
            }

            var well = (await trackers.SentToAsync(s.Path)).Count;
            await Eventually.HoldsAsync(async () => await ToldHeldAsync(s.Path, well) == Film.Chunks, "the tracker is told of every chunk");
        }));

        agent.Program.Terminate();
        Assert.Equal(0, await agent.Program.ExitAsync());
        foreach (var (swarm, path, _) in streams)
        {
            Assert.Equal([$"LEAVE {swarm}", "DISCONNECT"], Once(await trackers.SentToAsync(path)).TakeLast(2));
        }
    }

    /// <summary>What was said, repetitions left out: on a busy machine an answer may come too late.</summary>
    private static IReadOnlyList<string> Once(IEnumerable<FakeTrackerRequest> sent) =>
        [.. sent.DistinctBy(r => r.Message!.TransactionId).Select(r => r.Verb)];

    private static async Task PlayAsync(Agent agent, string stream, Film film)
    {
        for (var i = 0; i < Film.Chunks; i++)
        {
            await ReadChunkAsync(agent, stream, film, i);
        }
    }

    private static async Task ReadChunkAsync(Agent agent, string stream, Film film, int index) =>
        Assert.Equal(film[index], await Agent.Client.GetByteArrayAsync(new Uri(agent.Proxy, $"{stream}/{Film.NameOf(index)}")));

    /// <summary>How many chunks the last report named, of those behind the first so many requests.</summary>
    private async Task<int> ToldHeldAsync(string path, int skip = 0)
    {
        var report = (await trackers.SentToAsync(path)).Skip(skip).Select(r => r.Message).OfType<ReportRequest>().LastOrDefault(r => r.ChunkMaps.Count > 0);
        return report?.ChunkMaps[0].Levels[0].Segments.Sum(s => s.Held().Count()) ?? 0;
    }
}
