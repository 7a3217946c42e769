using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// Whom one fetch asks next: the holder that will be done first; when there is none, whomever the trackers name; then
/// the origins, by priority. Used by one fetch alone.
/// </summary>
internal sealed class FetchPlan(FetchSite site, ChunkId chunk, IGateGuest wish)
{
    private const int MaxHistory = 8;
    private static readonly TimeSpan NotHeldPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookupPause = TimeSpan.FromSeconds(3);

    private readonly Dictionary<Source, TimeSpan> _notBefore = [];
    private readonly HashSet<Source> _suspects = [];
    private readonly Queue<string> _history = new();
    private readonly TimeSpan _started = site.Parts.Clock.Now;
    private Task _lookup = Task.CompletedTask;
    private TimeSpan? _lookupStarted;
    private TimeSpan? _busySince;

    private FetchOptions Options => site.Parts.Options;

    /// <summary>The trackers' part; the fetch awaits it at its end.</summary>
    public Task Lookup => _lookup;

    /// <summary>What came of asking, for people; empty when nobody was asked.</summary>
    public string History => string.Join("; ", _history);

    /// <summary>The first source, or the next after one has failed; null when there is nobody to ask for now.</summary>
    public Source? Next(TimeSpan now, CancellationToken cancellationToken)
    {
        var holders = Holders(now);
        var free = Free(holders, now);
        var isCritical = IsCritical(now);
        if (isCritical && !free.Exists(IsQuick) && NextOrigin(now) is { } sure)
        {
            Why = "a player waits, and no peer has shown yet that it delivers in time";
            return sure;
        }

        if (SourcePicker.Pick(free, site.UsualSize, site.Parts.Dice) is { } peer)
        {
            _busySince = null;
            Why = $"expected to be done first of {free.Count}";
            return peer;
        }

        var mustWait = MustWait(holders, now, cancellationToken);
        Why = "no peer that has it can be asked";
        return mustWait && !isCritical ? null
            : (MayAskOrigin(now) ? NextOrigin(now) : null) ?? (mustWait ? null : NextSuspect(now));
    }

    /// <summary>Why the source was chosen that <see cref="Next"/> named last, for people.</summary>
    public string Why { get; private set; } = "";

    /// <summary>Somebody to ask beside others that are at work; null when there is nobody.</summary>
    /// <param name="now">The time.</param>
    /// <param name="busy">Those at work.</param>
    /// <param name="mayAskOrigin">An origin will do, too.</param>
    public Source? NextHelper(TimeSpan now, IReadOnlyCollection<Source> busy, bool mayAskOrigin)
    {
        var free = Free(Holders(now), now);
        free.RemoveAll(busy.Contains);
        var origin = mayAskOrigin && !busy.Any(s => s.IsOrigin) ? NextOrigin(now) : null;
        return origin is not null && !free.Exists(IsQuick) ? origin : SourcePicker.Pick(free, site.UsualSize, site.Parts.Dice) ?? origin;
    }

    /// <summary>Somebody to ask beside a source that is slow; null when there is nobody better.</summary>
    /// <param name="now">The time.</param>
    /// <param name="running">The slow one.</param>
    /// <param name="left">Time until the deadline.</param>
    /// <param name="faster">How many seconds the rival may take at most, or null when anybody will do.</param>
    public Source? NextRival(TimeSpan now, Source running, TimeSpan left, double? faster)
    {
        var free = Free(Holders(now), now);
        if (wish.Urgency == Urgency.Ahead)
        {
            return null;
        }

        free.RemoveAll(p => p == running || (faster is { } most && !(SourcePicker.Expect(p, site.UsualSize) < most)));
        return SourcePicker.Pick(free, site.UsualSize, site.Parts.Dice)
            ?? (left < Options.OriginRescue && faster is null && !running.IsOrigin ? NextOrigin(now) : null);
    }

    /// <summary>A source was asked and did not deliver.</summary>
    public void Failed(Source source, TransferOutcome outcome, TimeSpan now)
    {
        Remember($"{source.Name} {outcome.Detail}");
        switch (outcome.Result)
        {
            case TransferResult.NotHeld:
                _notBefore[source] = now + NotHeldPause;
                (source as Peer)?.Poll.Want(now, TimeSpan.Zero);
                site.Directory.PollWanted.Pulse();
                break;
            case TransferResult.Forbidden:
                source.Health.Choked(now, outcome.Detail);
                break;
            case TransferResult.Overloaded:
                source.Health.Busy(now, outcome.RetryAfter, outcome.Detail);
                break;
            case TransferResult.Unwanted:
                _notBefore[source] = TimeSpan.MaxValue;
                break;
            default:
                source.Health.Failed(now, outcome.Detail);
                break;
        }
    }

    /// <summary>A source sent bytes that do not look like the chunk; it is asked again only if nobody has better ones.</summary>
    public void Suspected(Source source)
    {
        Remember($"{source.Name} sent something else by the look of it");
        _suspects.Add(source);
        _notBefore[source] = TimeSpan.MaxValue;
    }

    /// <summary>True once bytes have to be taken as they are.</summary>
    public bool TakesSuspects { get; private set; } = !site.ContainersMean;

    /// <summary>A source is not asked again by this fetch.</summary>
    public void Exclude(Source source, string detail)
    {
        Remember($"{source.Name} {detail}");
        _notBefore[source] = TimeSpan.MaxValue;
    }

    /// <summary>A source that was excluded may be asked again.</summary>
    public void Readmit(Source source) => _notBefore.Remove(source);

    private void Remember(string line)
    {
        if (_history.Count == MaxHistory)
        {
            _history.Dequeue();
        }

        _history.Enqueue(line);
    }

    private List<Peer> Holders(TimeSpan now) =>
        [.. site.Directory.Peers.Where(p => p.MayHold(chunk) && now >= _notBefore.GetValueOrDefault(p))];

    /// <summary>Holders with room for a request; what lies far ahead leaves half of the room to what a player waits for.</summary>
    private List<Peer> Free(List<Peer> holders, TimeSpan now)
    {
        var most = wish.Urgency switch
        {
            Urgency.Waited => Options.MaxConnectionsPerPeer,
            Urgency.Soon when !site.Parts.Gate.IsWaitedFor => Options.MaxConnectionsPerPeer,
            Urgency.Soon => 1,
            _ => Math.Max(1, Options.MaxConnectionsPerPeer / 2),
        };
        return [.. holders.Where(p => p.Health.StateAt(now) == SourceState.Usable && p.Open < most)];
    }

    /// <summary>True when a player waits and has nothing left to play: at the start, after a seek, or when the chunk is late.</summary>
    private bool IsCritical(TimeSpan now) => FetchGate.IsCritical(wish, now);

    /// <summary>True when the peer has shown that it delivers, and fast enough for a player that has nothing left to play.</summary>
    private bool IsQuick(Peer peer) =>
        peer.Health.Failures == 0 && SourcePicker.Expect(peer, site.UsualSize) < FetchGate.Margin.TotalSeconds * 2 / 3;

    /// <summary>
    /// An origin costs its owner: it is asked for what a player waits for, for what is due soon, and, where no peer can be
    /// asked at all, for all that is urgent.
    /// </summary>
    private bool MayAskOrigin(TimeSpan now) => wish.Urgency switch
    {
        Urgency.Waited => true,
        Urgency.Soon => wish.Due - now <= Options.OriginRescue
            || !site.Directory.Peers.Any(p => p.Health.StateAt(now) == SourceState.Usable && p.Poll.Failures == 0),
        _ => false,
    };

    /// <summary>True while a better answer than an origin may still come: from a busy holder, a map, or a tracker.</summary>
    private bool MustWait(List<Peer> holders, TimeSpan now, CancellationToken cancellationToken)
    {
        if (holders.Any(p => p.Health.StateAt(now) is SourceState.Usable or SourceState.Busy))
        {
            _busySince ??= now;
            return now - _busySince < Options.LookupTimeout;
        }

        var mapsPending = site.Directory.Peers.Any(
            p => !p.Holdings.IsKnown && p.Poll.Failures == 0 && p.Health.StateAt(now) == SourceState.Usable);
        if (mapsPending && now - _started < Options.LookupTimeout)
        {
            return true;
        }

        if (wish.Urgency == Urgency.Ahead)
        {
            return true;
        }

        StartLookup(now, cancellationToken);
        return !_lookup.IsCompleted && now - _lookupStarted < Options.LookupTimeout;
    }

    private void StartLookup(TimeSpan now, CancellationToken cancellationToken)
    {
        if (_lookup.IsCompleted && !(now - _lookupStarted < LookupPause))
        {
            _lookupStarted = now;
            site.Polling.WantMaps();
            _lookup = LookupAsync(cancellationToken);
        }
    }

    private async Task LookupAsync(CancellationToken cancellationToken)
    {
        try
        {
            site.Lookup.RequestPeers();
            var found = await site.Lookup.FindChunkAsync(chunk, cancellationToken);
            if (found.Count > 0)
            {
                site.Directory.Add(found, fromTracker: true, chunk);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody waits for the chunk any more.
        }
        catch (Exception e)
        {
            // The host's code: whatever goes wrong there must not take the origins away from the player.
            site.Parts.Logger.LookupFailed(site.SwarmId, chunk, e);
        }
        finally
        {
            site.Directory.Changed.Pulse();
        }
    }

    private Source? NextOrigin(TimeSpan now) => site.Origins().FirstOrDefault(
        o => now >= _notBefore.GetValueOrDefault(o)
            && o.Health.StateAt(now) == SourceState.Usable
            && (o.LetsKeep || wish.Urgency == Urgency.Waited));

    private Source? NextSuspect(TimeSpan now)
    {
        if (_suspects.Count == 0)
        {
            return null;
        }

        // Everybody sends the like: then that is how this stream's chunks look.
        TakesSuspects = true;
        site.ContainersMean = false;
        var usable = _suspects.FirstOrDefault(s => s.Health.StateAt(now) == SourceState.Usable);
        foreach (var suspect in _suspects)
        {
            _notBefore.Remove(suspect);
        }

        _suspects.Clear();
        return usable;
    }
}
