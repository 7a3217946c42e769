using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Tests.Scene;

namespace PeerAgent.Swarm.Tests.Swarms;

public sealed class SwarmDirectoryTests
{
    [Fact]
    public async Task Two_agents_exchange_everything_both_ways()
    {
        var content = Content.Make(count: 20);
        await using var one = await Agent.StartAsync(content, "one");
        await using var two = await Agent.StartAsync(content, "two");
        await one.HoldAsync(content, [.. Enumerable.Range(0, 10)]);
        await two.HoldAsync(content, [.. Enumerable.Range(10, 10)]);
        one.Stream.PeersFound([two.Info, one.Info]);
        two.Stream.PeersFound([one.Info, two.Info]);

        var gets = Enumerable.Range(0, 20).SelectMany(i => new[] { one, two }.Select(a => (Number: i, Outcome: a.Stream.GetAsync(Content.Id(i), default).AsTask())));
        foreach (var (number, outcome) in gets.ToList())
        {
            Assert.Equal(content.Chunks[number], await (await outcome).BytesAsync());
        }

        await Eventually.HoldsAsync(() => one.Chunks.HeldCount == 20 && two.Chunks.HeldCount == 20, "everything in both stores");
        Assert.Equal(10 * Content.Size, one.Stream.Traffic.DownloadedBytes);
        await Eventually.HoldsAsync(() => one.Stream.Traffic.UploadedBytes == 10 * Content.Size, "the upload counted");
        Assert.Equal(two.Id, Assert.Single(one.Stream.Peers).PeerId);
    }

    [Fact]
    public async Task A_swarm_is_open_once_and_may_be_opened_again_after_it_was_closed()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);

        Assert.Throws<InvalidOperationException>(() => agent.Swarms.Open(agent.Chunks, agent.Lookup));
        Assert.Same(agent.Stream, Assert.Single(agent.Swarms.Streams));
        await agent.Stream.DisposeAsync();
        Assert.Empty(agent.Swarms.Streams);
        await using var again = agent.Swarms.Open(agent.Chunks, agent.Lookup);

        Assert.True(agent.Swarms.TryGet(content.Stream.SwarmId, out var found));
        Assert.Same(again, found);
    }

    [Fact]
    public async Task What_moves_is_measured()
    {
        var content = Content.Make();
        await using var seeder = await Agent.StartAsync(content, "seeder");
        await seeder.HoldAsync(content);
        await using var agent = await Agent.StartAsync(content);
        var sums = new Dictionary<string, double>();
        using var listener = Listen(sums, seeder, agent);
        var liar = await agent.MeetAsync(content, "liar", new TestSupport.Peers.ChunkStep.Bytes([1, 2, 3]));
        await agent.Stream.ChokeAsync(liar.Id, choke: false, default);
        using var client = new PeerClient(agent.Url);
        using var refused = await client.AskRawAsync("/nothing");

        var wait = agent.Stream.GetAsync(Content.Id(0), default).AsTask();
        await Eventually.HoldsAsync(() => agent.Stream.Traffic.DamagedChunks == 1, "the lie");
        agent.Stream.PeersFound([seeder.Info]);
        await (await wait).BytesAsync();
        await Eventually.HoldsAsync(() => seeder.Stream.Traffic.UploadedBytes == Content.Size, "the upload");

        lock (sums)
        {
            Assert.Equal(Content.Size + 3, sums["peeragent.swarm.downloaded"]);
            Assert.Equal(Content.Size, sums["peeragent.swarm.uploaded"]);
            Assert.Equal(3, sums["peeragent.swarm.wasted"]);
            Assert.Equal(2, sums["peeragent.swarm.attempts"]);
            Assert.Equal(1, sums["peeragent.swarm.upload.refused"]);
            Assert.Equal(1, sums["peeragent.chunk.wait.duration"]);
        }
    }

    [Fact]
    public async Task A_request_for_a_chunk_without_a_digest_counts_once()
    {
        var content = Content.Make(hashes: false);
        await using var agent = await Agent.StartAsync(content);
        var sums = new Dictionary<string, double>();
        using var listener = Listen(sums, agent);
        await agent.MeetAsync(content, "a");

        await (await agent.Stream.GetAsync(Content.Id(0), default)).BytesAsync();
        await Eventually.HoldsAsync(() => agent.Chunks.HeldCount == 1, "the chunk");

        lock (sums)
        {
            Assert.Equal(1, sums["peeragent.swarm.attempts"]);
        }
    }

    private static MeterListener Listen(Dictionary<string, double> sums, params Agent[] agents)
    {
        var factories = agents.Select(a => a.Services.GetRequiredService<IMeterFactory>()).ToList();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == SwarmMetrics.MeterName && factories.Contains(instrument.Meter.Scope))
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((i, value, _, _) => Count(sums, i.Name, value));
        listener.SetMeasurementEventCallback<double>((i, _, _, _) => Count(sums, i.Name, 1));
        listener.Start();
        return listener;
    }

    private static void Count(Dictionary<string, double> sums, string name, double value)
    {
        lock (sums)
        {
            sums[name] = sums.GetValueOrDefault(name) + value;
        }
    }
}
