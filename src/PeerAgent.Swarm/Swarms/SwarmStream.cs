using System.Net;
using PeerAgent.Media.Store;
using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Fetching;
using PeerAgent.Swarm.Http;
using PeerAgent.Swarm.Playback;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace PeerAgent.Swarm.Swarms;

/// <summary>
/// Our part in one swarm: fetches its chunks from peers and origins, and lets peers have what is held. Disposing it ends
/// both. Safe for concurrent use.
/// </summary>
public sealed class SwarmStream : IAsyncDisposable
{
    /// <summary>A player that waits for a chunk so many times as long as it plays takes the line for slow, however much it has left to play.</summary>
    private const double Patience = 1.5;

    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(2.5);

    /// <summary>Players give up a request to which no byte comes; the most impatient ones after ten seconds.</summary>
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(8);

    private const long SmallestUsual = 16 << 10;
    private const long LargestUsual = 8 << 20;
    private const long FirstGuess = 256 << 10;

    private readonly SwarmParts _parts;
    private readonly FetchSite _site;
    private readonly FetchTable _table;
    private readonly OriginList _origins;
    private readonly HashLists _lists;
    private readonly Action<SwarmStream> _closed;
    private readonly CancellationTokenSource _end = new();
    private readonly Lazy<Task> _closing;
    private readonly PlaybackWindows _windows;
    private readonly Task _polling;
    private readonly Task _prefetching;
    private readonly Task _employing;

    internal SwarmStream(
        SwarmParts parts, StreamChunks chunks, ITrackerLookup lookup, OriginClient origins, Action<SwarmStream> closed)
    {
        _parts = parts;
        _closed = closed;
        _origins = new OriginList(chunks, origins);
        var directory = new PeerDirectory(parts.Self, parts.Transport, parts.Options.MaxPeers);
        _site = new FetchSite
        {
            Parts = parts,
            Chunks = chunks,
            Directory = directory,
            Polling = new PeerPolling(parts, directory, chunks),
            Lookup = lookup,
            Traffic = new TrafficMeter(parts.Metrics),
            Traces = new TraceBook(parts.Clock),
            Line = new FetchLine(parts.Clock, directory.Changed),
            UsualSize = UsualSizeOf(chunks.Layout) ?? FirstGuess,
            IsSizeKnown = UsualSizeOf(chunks.Layout) is not null,
            Origins = _origins.InTurn,
        };
        SwarmId = _site.SwarmId;
        _table = new FetchTable(_site);
        _lists = new HashLists(chunks, GetAsync);
        _closing = new Lazy<Task>(CloseAsync);
        _windows = new PlaybackWindows(parts.Playback);
        _polling = _site.Polling.RunAsync(_end.Token);
        _prefetching = new Prefetcher(_site, _table, _windows, parts.Playback).RunAsync(_end.Token);
        _employing = _site.Line.RunAsync(e => parts.Logger.LineFaulted(SwarmId, e), _end.Token);
        parts.Logger.Opened(SwarmId, chunks.HeldCount, _origins.Current().Count);
    }

    /// <summary>The swarm.</summary>
    public SwarmId SwarmId { get; }

    /// <summary>What is held of the stream.</summary>
    public StreamChunks Chunks => _site.Chunks;

    /// <summary>Number of peers that may be asked now.</summary>
    public int UsablePeers => _site.Directory.Peers.Count(p => p.Health.StateAt(_parts.Clock.Now) == SourceState.Usable);

    /// <summary>What moved since the stream was opened.</summary>
    public SwarmTraffic Traffic => _site.Traffic.Snapshot();

    /// <summary>The peers, as they stand now.</summary>
    public IReadOnlyList<PeerStatus> Peers => [.. _site.Directory.Peers.Select(StatusOf)];

    /// <summary>The origins, as they stand now, by priority.</summary>
    public IReadOnlyList<SourceStatus> Origins => [.. _origins.Current().Select(StatusOf)];

    /// <summary>Tells maps apart; the same as long as the maps are the same.</summary>
    internal MapTag MapTag { get; } = new();

    /// <summary>Counts bytes.</summary>
    internal TrafficMeter Meter => _site.Traffic;

    /// <summary>A player asks for a chunk, held or not: its window moves there, and what comes next is fetched ahead of it.</summary>
    /// <param name="player">The player's key.</param>
    /// <param name="chunk">The chunk; no effect when it is not in the stream.</param>
    public void PlayerAsked(string player, ChunkId chunk)
    {
        if (Chunks.Layout.Contains(chunk))
        {
            _windows.Asked(player, chunk, DurationOf(Chunks.Layout, chunk), _parts.Clock.Now);
        }
    }

    /// <summary>How long the player that will be first to run dry without the chunk has still to play, as far as one can tell.</summary>
    public TimeSpan LeftBefore(ChunkId chunk)
    {
        var duration = DurationOf(Chunks.Layout, chunk);
        return _windows.DueOf(chunk, duration) - _parts.Clock.Now ?? duration;
    }

    /// <summary>A player has left: nothing is fetched ahead of it any more.</summary>
    public void PlayerLeft(string player) => _windows.Left(player);

    /// <summary>Gets a chunk from the store, or else from peers and origins; waits at most <c>PeerAgent:Fetch:Deadline</c>.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="cancellationToken">Ends this wait only; the fetch ends when nobody waits for it any more.</param>
    public ValueTask<ChunkOutcome> GetAsync(ChunkId chunk, CancellationToken cancellationToken) =>
        GetAsync(chunk, _parts.Options.Deadline, cancellationToken);

    /// <summary>Gets a chunk from the store, or else from peers and origins.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="deadline">Longest wait: until the chunk is verified, or, where it has no hash, until its first bytes are here.</param>
    /// <param name="cancellationToken">Ends this wait only; the fetch ends when nobody waits for it any more.</param>
    public async ValueTask<ChunkOutcome> GetAsync(ChunkId chunk, TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (!Chunks.Layout.Contains(chunk))
        {
            return new ChunkOutcome.NotInStream();
        }

        var until = _parts.Clock.Now + deadline;
        if (await _lists.RequireAsync(chunk, deadline, cancellationToken) is { } unverifiable)
        {
            return unverifiable;
        }

        if (await Chunks.OpenAsync(chunk, cancellationToken) is { } stored)
        {
            return new ChunkOutcome.Held(stored);
        }

        _site.Polling.Touch();
        var layout = Chunks.Layout;
        if (!layout.Contains(chunk))
        {
            return new ChunkOutcome.NotInStream();
        }

        var started = _parts.Clock.Now;
        var duration = DurationOf(layout, chunk);
        var due = _windows.DueOf(chunk, duration) ?? started + duration;
        var latest = new[] { due, until, started + PatienceFor(layout, chunk, duration, due - started) }.Min();
        var outcome = await _table.GetAsync(layout, chunk, new ChunkWait(until, due, latest), cancellationToken);
        _parts.Metrics.Waited(outcome.GetType().Name, _parts.Clock.Now - started);
        return outcome;
    }

    /// <summary>What was done in the latest fetch of a chunk; null when there was none lately.</summary>
    public ChunkTrace? TraceOf(ChunkId chunk) => _site.Traces.Find(chunk);

    /// <summary>Takes over a tracker's list of peers; our own id is dropped.</summary>
    public void PeersFound(IReadOnlyList<PeerInfo> peers) => _site.Directory.Add(peers, fromTracker: true, holds: null);

    /// <summary>Stops or resumes serving a peer, and tells it so (PEER_STATUS).</summary>
    /// <returns>False when the peer is not known, or could not be told; it is served or not all the same.</returns>
    public async Task<bool> ChokeAsync(PeerId peerId, bool choke, CancellationToken cancellationToken)
    {
        if (_site.Directory.Find(peerId) is not { } peer)
        {
            return false;
        }

        peer.ChokedByUs = choke;
        var status = choke ? PeerStatusRequest.Choke : PeerStatusRequest.Unchoke;
        var told = await _parts.Transport.TellStatusAsync(peer.Contact, SwarmId, status, cancellationToken);
        return told.Result == TransferResult.Done;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _closing.Value;

    /// <summary>A peer asks us for something.</summary>
    internal void PeerAsked(PeerId peerId)
    {
        if (_site.Polling.WantsStranger(peerId))
        {
            _site.Lookup.RequestPeers();
        }
    }

    /// <summary>True while we do not serve the peer.</summary>
    internal bool IsChoked(PeerId peerId) => _site.Directory.Find(peerId)?.ChokedByUs == true;

    /// <summary>The peers that another one may be told of.</summary>
    internal IReadOnlyList<PeerInfo> PeersFor(PeerId asking, int most) =>
        [.. _site.Directory.Peers
            .Where(p => p.Id != asking && p.Poll.Failures == 0 && p.Health.StateAt(_parts.Clock.Now) != SourceState.Banned)
            .Take(most)
            .Select(p => p.Info with { Addresses = p.Contact.Addresses })];

    /// <summary>A peer says what it intends. False when the message did not come from where that peer is.</summary>
    internal bool StatusReceived(PeerId peerId, IPAddress from, string status)
    {
        if (!_site.Directory.IsAt(peerId, from) || _site.Directory.Find(peerId) is not { } peer)
        {
            return false;
        }

        _parts.Logger.StatusReceived(SwarmId, peerId, status);
        if (status == PeerStatusRequest.Choke)
        {
            peer.Health.Choked(_parts.Clock.Now, "said choke");
        }
        else if (status == PeerStatusRequest.Unchoke)
        {
            peer.Health.Unchoked();
            _site.Directory.Changed.Pulse();
        }

        return true;
    }

    /// <summary>Bytes of a chunk were sent to a peer.</summary>
    internal void Uploaded(PeerId peerId, int bytes)
    {
        Meter.Uploaded(bytes);
        _site.Directory.Find(peerId)?.Uploaded(bytes);
    }

    /// <summary>What bitrate and duration in the manifest come to, or null.</summary>
    private static long? UsualSizeOf(ChunkLayout layout)
    {
        var segment = layout.Stream.Clips[0].Components[0].Segments[0];
        return segment is { Bitrate: { } bitrate, ChunkDuration: { } duration }
            ? Math.Clamp((long)(bitrate / 8.0 * duration.TotalSeconds), SmallestUsual, LargestUsual)
            : null;
    }

    /// <summary>
    /// How long a player may wait without taking the line for slow and going down a level; where there is no other level, for half
    /// of what it has left to play, but not for ever.
    /// </summary>
    private static TimeSpan PatienceFor(ChunkLayout layout, ChunkId chunk, TimeSpan duration, TimeSpan left)
    {
        var hasOthers = layout.Levels.Any(l => l.Level.Clip == chunk.Level.Clip && l.Level.Type == chunk.Level.Type && l.Level.Level != chunk.Level.Level);
        var half = left / 2 < MostPatience ? left / 2 : MostPatience;
        return new[] { LeastPatience, duration * Patience, hasOthers ? TimeSpan.Zero : half }.Max();
    }

    private TimeSpan DurationOf(ChunkLayout layout, ChunkId chunk) => layout.DurationOf(chunk) ?? _parts.Playback.UsualDuration;

    private async Task CloseAsync()
    {
        _closed(this);
        await _end.CancelAsync();
        await _prefetching;
        await _table.DisposeAsync();
        await _polling;
        await _employing;
        _end.Dispose();
        var traffic = Traffic;
        _parts.Logger.Closed(SwarmId, traffic.UploadedBytes, traffic.DownloadedBytes, traffic.OriginBytes);
    }

    private PeerStatus StatusOf(Peer peer) => new()
    {
        PeerId = peer.Id,
        Addresses = peer.Contact.Addresses,
        PeerType = peer.Info.PeerType,
        EndPointRankCost = peer.Info.EndPointRankCost,
        State = peer.Health.StateAt(_parts.Clock.Now),
        ChokedByUs = peer.ChokedByUs,
        HeldChunks = peer.Holdings.IsKnown ? peer.Holdings.Count : null,
        BytesPerSecond = peer.Speed.BytesPerSecond,
        Latency = peer.Speed.Latency,
        OpenRequests = peer.Open,
        Failures = peer.Health.Failures,
        DownloadedBytes = peer.Bytes,
        UploadedBytes = peer.UploadedBytes,
        LastTrouble = peer.Health.LastTrouble,
    };

    private SourceStatus StatusOf(OriginSource origin) => new()
    {
        Url = origin.Url,
        Priority = origin.Origin.Priority,
        State = origin.Health.StateAt(_parts.Clock.Now),
        BytesPerSecond = origin.Speed.BytesPerSecond,
        Latency = origin.Speed.Latency,
        OpenRequests = origin.Open,
        Failures = origin.Health.Failures,
        DownloadedBytes = origin.Bytes,
        LastTrouble = origin.Health.LastTrouble,
    };
}
