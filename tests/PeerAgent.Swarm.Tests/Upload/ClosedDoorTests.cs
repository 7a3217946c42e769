using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Tests.Scene;
using PeerAgent.Swarm.Upload;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace PeerAgent.Swarm.Tests.Upload;

/// <summary>Where nothing is uploaded, nothing is promised either; and what is uploaded is measured.</summary>
public sealed class ClosedDoorTests
{
    [Fact]
    public async Task With_uploads_switched_off_a_map_is_empty_until_they_are_on_again()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content, settings: ["Upload:Enabled=false"]);
        await agent.HoldAsync(content);
        using var client = new PeerClient(agent.Url);

        using var closed = await client.AskAsync(PeerClient.MapRequest);
        var tag = closed.Headers.ETag!.ToString();
        using var still = await client.AskAsync(PeerClient.MapRequest, "/", "If-None-Match: " + tag);
        agent.Change(limits => limits with { Enabled = true });
        using var open = await client.AskAsync(PeerClient.MapRequest, "/", "If-None-Match: " + tag);

        Assert.Equal(0, await HeldAsync(closed));
        Assert.Equal(HttpStatusCode.NotModified, still.StatusCode);
        Assert.Equal(content.Chunks.Count, await HeldAsync(open));
    }

    [Fact]
    public async Task Another_agent_reads_the_empty_map_and_asks_for_nothing()
    {
        var content = Content.Make();
        await using var closed = await Agent.StartAsync(content, "closed", settings: ["Upload:Enabled=false"]);
        await closed.HoldAsync(content);
        await using var agent = await Agent.StartAsync(content);

        agent.Stream.PeersFound([closed.Info]);

        await Eventually.HoldsAsync(() => agent.Stream.Peers.Single().HeldChunks == 0, "the empty map");
        Assert.Equal(0, agent.Stream.Peers.Single().Failures);
    }

    [Fact]
    public async Task Of_a_stream_that_is_marked_private_peers_learn_and_get_nothing()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        await agent.HoldAsync(content);
        await agent.MeetAsync(content, "known");
        agent.Stream.Chunks.Update(agent.Stream.Chunks.Layout.Stream with { IsPrivate = true });
        using var client = new PeerClient(agent.Url);
        var list = new GetPeerListRequest
        {
            PeerId = Named.Peer("foreign"), SwarmId = content.Stream.SwarmId, TransactionId = Named.Transaction("1"),
        };

        using var map = await client.AskAsync(PeerClient.MapRequest);
        using var peers = await client.AskAsync(list);
        using var mixed = await client.AskAsync(PeerClient.ChunkRequest, "/name-L0-00000.bin");

        Assert.Equal(0, await HeldAsync(map));
        Assert.Empty((await PeerClient.ReadAsync(peers)).Peers!);
        await PeerClient.AssertRefusedAsync(mixed, HttpStatusCode.Forbidden, ResponseCode.MessageForbidden, "12345");
        Assert.Equal(0, agent.Use().TotalBytes);
    }

    [Fact]
    public async Task A_chunk_that_is_not_held_takes_no_slot()
    {
        var content = Content.Make(size: 2_000_000);
        await using var agent = await Agent.StartAsync(
            content, time: new ManualTime(), settings: ["Upload:Slots=1", "Upload:MaxBytesPerSecond=1024"]);
        await agent.HoldAsync(content, 0);
        using var taker = new Taker(agent.Url);
        using var first = await taker.AskAsync(0);

        Assert.Equal(HttpStatusCode.NotFound, await taker.StatusAsync(1));
    }

    [Fact]
    public async Task Uploads_are_measured()
    {
        var time = new ManualTime();
        var content = Content.Make(size: 2_000_000);
        await using var agent = await Agent.StartAsync(
            content, time: time, settings: ["Upload:Slots=1", "Upload:MaxBytesPerSecond=1024"]);
        await agent.HoldAsync(content);
        var sums = new Dictionary<string, double>();
        using var listener = Listen(agent.Services.GetRequiredService<IMeterFactory>(), sums);
        using var taker = new Taker(agent.Url);

        using var first = await taker.AskAsync(0);
        var second = taker.AskAsync(1);
        await Eventually.HoldsAsync(() => Sum(sums, "waiting") == 1, "one that waits");
        Assert.Equal(1, Sum(sums, "active"));
        time.Advance(UploadSlots.LongestWait);
        (await second).Dispose();
        Assert.Equal(0, Sum(sums, "waiting"));
        Assert.Equal(1, Sum(sums, "wait.duration False"));
        agent.Change(limits => limits with { Enabled = false });
        await Eventually.HoldsAsync(() => Sum(sums, "active") == 0, "a free slot");
        agent.Change(limits => limits with { Enabled = true, MaxBytesPerSecond = null });
        Assert.Equal(HttpStatusCode.OK, await taker.StatusAsync(2));

        await Eventually.HoldsAsync(() => Sum(sums, "ended Sent") == 1, "the end");
        Assert.Equal(1, Sum(sums, "ended SwitchedOff"));
        Assert.True(agent.Use().BytesPerSecond > 500_000);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, agent.Use().BytesPerSecond);
    }

    private static async Task<int> HeldAsync(HttpResponseMessage map) =>
        (await PeerClient.ReadAsync(map)).ChunkMaps!.Single().Segments.Sum(s => s.Count);

    private static MeterListener Listen(IMeterFactory factory, Dictionary<string, double> sums)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == SwarmMetrics.MeterName && instrument.Meter.Scope == factory)
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i, value, tags));
        listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Add(i, value, tags));
        listener.SetMeasurementEventCallback<double>((i, _, tags, _) => Add(i, 1, tags));
        listener.Start();
        return listener;

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = instrument.Name.Replace("peeragent.swarm.upload.", "", StringComparison.Ordinal) + (tags.IsEmpty ? "" : $" {tags[0].Value}");
            lock (sums)
            {
                sums[name] = sums.GetValueOrDefault(name) + value;
            }
        }
    }

    private static double Sum(Dictionary<string, double> sums, string name)
    {
        lock (sums)
        {
            return sums.GetValueOrDefault(name);
        }
    }
}
