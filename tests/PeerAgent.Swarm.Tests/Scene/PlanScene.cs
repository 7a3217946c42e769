using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Fetching;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Swarm.Tests.Scene;

/// <summary>One fetch that only plans, among peers that are never really asked, in time that stands still.</summary>
internal sealed class PlanScene : IAsyncDisposable
{
    /// <summary>Bytes that a chunk has.</summary>
    public const int Size = 400_000;

    private readonly Agent _agent;
    private readonly IdleFetch _fetch;
    private readonly List<Source> _origins = [];

    private PlanScene(Agent agent, Content content, ManualTime time)
    {
        _agent = agent;
        Time = time;
        var parts = agent.Services.GetRequiredService<SwarmParts>();
        var directory = new PeerDirectory(parts.Self, parts.Transport, parts.Options.MaxPeers);
        Site = new FetchSite
        {
            Parts = parts,
            Chunks = agent.Chunks,
            Directory = directory,
            Polling = new PeerPolling(parts, directory, agent.Chunks),
            Lookup = agent.Lookup,
            Traffic = new TrafficMeter(parts.Metrics),
            Traces = new TraceBook(parts.Clock),
            Line = new FetchLine(parts.Clock, directory.Changed),
            Origins = () => _origins,
            UsualSize = Size,
            IsSizeKnown = true,
        };
        _fetch = new IdleFetch(Site, agent.Chunks.Layout, Content.Id(0));
        Plan = new FetchPlan(Site, _fetch);
        Rule = new ShareRule(Site);
        Content = content;
    }

    public ManualTime Time { get; }

    public FetchSite Site { get; }

    public FetchPlan Plan { get; }

    public ShareRule Rule { get; }

    public FirstCopyRule FirstCopy => new(Site);

    public TimeSpan Now => Site.Parts.Clock.Now;

    private Content Content { get; }

    public static async Task<PlanScene> StartAsync(string id = "me", int chunks = 8, params string[] settings)
    {
        var content = Content.Make(count: chunks, size: 1000);
        var time = new ManualTime();
        return new PlanScene(await Agent.StartAsync(content, id, time, settings: settings), content, time);
    }

    /// <summary>A player waits for the chunk, and has so much left to play.</summary>
    public void PlayerWaits(double seconds) =>
        _fetch.Wait(new ChunkWait(Now + TimeSpan.FromMinutes(1), Now + TimeSpan.FromSeconds(seconds), Now + TimeSpan.FromSeconds(seconds)));

    /// <summary>The chunk is fetched ahead of a player.</summary>
    public void IsFetchedAhead(Urgency urgency) => _fetch.Claim = new AheadClaim(urgency, Now + TimeSpan.FromMinutes(1));

    /// <summary>A peer that has these chunks (all when none is named); its speed, in bytes a second, is known or not.</summary>
    public Peer Meet(string id, bool isProven, double? rate = null, params int[] numbers)
    {
        var address = new PeerAddress(IPAddress.Loopback, 1000 + Site.Directory.Peers.Count);
        Site.Directory.Add([new PeerInfo { PeerId = Named.Peer(id), Addresses = [address] }], fromTracker: true, holds: null);
        var peer = Site.Directory.Find(Named.Peer(id))!;
        peer.Holdings.Replace(Content.MapOf(numbers), new HashSet<LevelId> { Content.Level });
        if (rate is { } bytes)
        {
            peer.Speed.Observe(TimeSpan.FromMilliseconds(40), (long)bytes, TimeSpan.FromSeconds(1), TimeSpan.Zero);
        }

        if (isProven)
        {
            peer.Health.Succeeded();
        }

        return peer;
    }

    /// <summary>The stream has an origin.</summary>
    public Source HasOrigin()
    {
        var origin = new FakeOriginSource();
        _origins.Add(origin);
        return origin;
    }

    public async ValueTask DisposeAsync()
    {
        _fetch.Dispose();
        await _agent.DisposeAsync();
    }

    private sealed class FakeOriginSource() : Source(new SourceHealth(SourceHealth.FirstPause))
    {
        public override string Name => "origin";

        public override bool IsOrigin => true;

        public override Task<TransferOutcome> FetchAsync(ChunkWanted wanted, ITransferSink sink, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    private sealed class IdleFetch(FetchSite site, ChunkLayout layout, ChunkId chunk) : ChunkFetch(site, layout, chunk)
    {
        public override bool IsAlmostDone => false;

        public override void Employ()
        {
        }

        protected override Task<FetchEnd> FetchAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        protected override void GaveUp(string reason)
        {
        }

        protected override Task ClearUpAsync() => Task.CompletedTask;
    }
}
