using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// Whom one fetch asks next: the holder that will be done first; when there is none, whomever the trackers name; then
/// the origins, by priority. Used by one fetch alone.
/// </summary>
internal sealed class FetchPlan(FetchSite site, ChunkFetch fetch)
{
    private const int MaxHistory = 8;
    private static readonly TimeSpan NotHeldPause = TimeSpan.FromSeconds(2);

    /// <summary>Seconds in which a busy peer is done with one more chunk, if it may be asked for what is not waited for.</summary>
    private const double FastEnough = 0.5;

    /// <summary>Seconds in which a peer is done with what it is at, if it is to have a share in a chunk that others begin with.</summary>
    private const double SoonFree = 0.7;

    private readonly Dictionary<Source, TimeSpan> _notBefore = [];
    private readonly HashSet<Source> _suspects = [];
    private readonly Queue<string> _history = new();
    private readonly TimeSpan _started = site.Parts.Clock.Now;
    private readonly OriginRule _origins = new(site, fetch);
    private readonly FirstCopyRule _first = new(site);
    private readonly HolderLookup _lookup = new(site, fetch);
    private TimeSpan? _busySince;

    private FetchOptions Options => site.Parts.Options;

    /// <summary>The trackers' part; the fetch awaits it at its end.</summary>
    public Task Lookup => _lookup.Last;

    /// <summary>What came of asking, for people; empty when nobody was asked.</summary>
    public string History => string.Join("; ", _history);

    /// <summary>The first source, or the next after one has failed; null when there is nobody to ask for now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isShared">Others have given parts of the chunk: nobody is to join them who <see cref="MayNotMix"/>.</param>
    /// <param name="cancellationToken">Ends what it begins.</param>
    public Source? Next(TimeSpan now, bool isShared, CancellationToken cancellationToken)
    {
        var holders = Holders(now);
        var free = Free(holders, now);
        free.RemoveAll(p => isShared && MayNotMix(p, now));
        var origin = NextOrigin(now);
        var needsOrigin = _origins.IsNeeded(origin, holders, now);
        if (needsOrigin && origin is not null && !free.Exists(IsQuick))
        {
            Why = "a player waits, and no peer has shown yet that it delivers in time";
            return origin;
        }

        if (SourcePicker.Pick(free, site.UsualSize, site.Parts.Dice) is { } peer)
        {
            _busySince = null;
            Why = $"expected to be done first of {free.Count}";
            return peer;
        }

        if (origin is not null && holders.Count == 0 && IsFirstCopy(now))
        {
            Why = "no peer has it, and of those who play it next it is our turn";
            return origin;
        }

        var mustWait = MustWait(holders, now, cancellationToken);
        Why = "no peer that has it can be asked";
        return mustWait && !needsOrigin ? null
            : (needsOrigin || _origins.IsAllowed(origin, holders, now) ? origin : null) ?? (mustWait ? null : NextSuspect(now));
    }

    /// <summary>True when nobody waits for the chunk here, and it is our turn to have it before others who play the same part.</summary>
    public bool IsFirstCopy(TimeSpan now) => fetch.Urgency != Urgency.Waited && _first.IsOurs(fetch.Chunk, fetch.Due, now);

    /// <summary>True when a player waits, and an origin has to come to the help of sources that need so much longer.</summary>
    public bool MayHelpOut(TimeSpan? left, TimeSpan now) => _origins.MayHelpOut(NextOrigin(now), left, now);

    /// <summary>Why the source was chosen that <see cref="Next"/> named last, for people.</summary>
    public string Why { get; private set; } = "";

    /// <summary>
    /// True for somebody unproven, unless a player waits and there is no origin: one part that is wrong costs all others, so he is
    /// to have a chunk of his own.
    /// </summary>
    public bool MayNotMix(Source source, TimeSpan now) =>
        !source.IsOrigin && !source.Health.IsProven && (fetch.Urgency != Urgency.Waited || NextOrigin(now) is not null);

    /// <summary>True when the source may be asked for something more.</summary>
    public bool CanAsk(Source source, TimeSpan now) =>
        source.Health.StateAt(now) == SourceState.Usable && source.Open < Options.MaxConnectionsPerPeer;

    /// <summary>Somebody to ask beside others that are at work, and who may; null when there is nobody.</summary>
    /// <param name="now">The time.</param>
    /// <param name="busy">Those at work.</param>
    /// <param name="mayAskOrigin">An origin will do, too.</param>
    public Source? NextHelper(TimeSpan now, IReadOnlyCollection<Source> busy, bool mayAskOrigin)
    {
        var free = Free(Holders(now).FindAll(p => !busy.Contains(p)), now);
        free.RemoveAll(p => MayNotMix(p, now));
        var origin = mayAskOrigin && !busy.Any(s => s.IsOrigin) ? NextOrigin(now) : null;
        return origin is not null && !free.Exists(IsQuick) ? origin : SourcePicker.Pick(free, site.UsualSize, site.Parts.Dice) ?? origin;
    }

    /// <summary>Peers that have it, are known to be good, and will soon have time for it.</summary>
    public IEnumerable<Peer> SoonToHelp(TimeSpan now) => Holders(now)
        .Where(p => p.Health.StateAt(now) == SourceState.Usable && p.Health.IsProven && p.Busy < SoonFree)
        .OrderByDescending(p => p.Speed.BytesPerSecond);

    /// <summary>Somebody to ask beside a source that is slow; null when there is nobody better.</summary>
    /// <param name="now">The time.</param>
    /// <param name="running">The slow one.</param>
    /// <param name="faster">How many seconds the rival may take at most, or null when anybody will do.</param>
    public Source? NextRival(TimeSpan now, Source running, double? faster)
    {
        var free = Free(Holders(now).FindAll(p => p != running), now);
        if (fetch.Urgency == Urgency.Ahead)
        {
            return null;
        }

        free.RemoveAll(p => faster is { } most && !(SourcePicker.Expect(p, site.UsualSize) < most));
        return SourcePicker.Pick(free, site.UsualSize, site.Parts.Dice)
            ?? (faster is null && !running.IsOrigin && NextOrigin(now) is { } origin && _origins.IsLastMoment(origin, now) ? origin : null);
    }

    /// <summary>A source was asked and did not deliver.</summary>
    public void Failed(Source source, TransferOutcome outcome, TimeSpan now)
    {
        Remember($"{source.Name} {outcome.Detail}");
        switch (outcome.Result)
        {
            case TransferResult.NotHeld:
                _notBefore[source] = now + NotHeldPause;
                source.Health.Missed(now, outcome.Detail);
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
        [.. site.Directory.Peers.Where(p => p.MayHold(fetch.Chunk) && now >= _notBefore.GetValueOrDefault(p))];

    /// <summary>
    /// Holders with room for a request. What no player waits for yet is asked of a busy peer only if that soon has time for it:
    /// on a slow line it would hold up what is to come first. Who has proven nothing gets the next thing to do when it is known
    /// what the last one was worth.
    /// </summary>
    private List<Peer> Free(List<Peer> holders, TimeSpan now)
    {
        var isFirstCopy = holders.Count > 0 && IsFirstCopy(now);
        var most = fetch.Urgency switch
        {
            _ when isFirstCopy => Options.MaxConnectionsPerPeer,
            Urgency.Waited => Options.MaxConnectionsPerPeer,
            Urgency.Soon when !site.Parts.Gate.IsWaitedFor(now) => Options.MaxConnectionsPerPeer,
            Urgency.Soon => 1,
            _ => Math.Max(1, Options.MaxConnectionsPerPeer / 2),
        };

        // What would come too late an origin will have to give anyway: the peers' time is for what comes then.
        var isSpare = NextOrigin(now) is not null;
        var isAlone = !isSpare && !holders.Exists(p => p.Health.StateAt(now) == SourceState.Usable);
        return [.. holders.Where(p => (p.Health.StateAt(now) == SourceState.Usable || (isAlone && p.Health.IsLastResort(now)))
            && p.Open < most && !(p.IsOnTrial && MayNotMix(p, now))
            && (fetch.Urgency == Urgency.Waited || isFirstCopy || (IsFree(p) && (!isSpare || !IsLate(p, now)))))];
    }

    /// <summary>True when the peer could not bring the chunk before it is played; one that has been idle for a while may show that it can.</summary>
    private bool IsLate(Peer peer, TimeSpan now) =>
        !(peer.Open == 0 && peer.Speed.IsOldAt(now)) && SourcePicker.Expect(peer, site.UsualSize) > (fetch.Due - now).TotalSeconds;

    /// <summary>True when the peer has nothing to do, or will be done before the head of the next request has come back, or is fast anyway.</summary>
    private bool IsFree(Peer peer) =>
        peer.Open == 0
        || peer.Busy <= peer.Speed.Latency?.TotalSeconds
        || SourcePicker.Expect(peer, site.UsualSize) < FastEnough;

    /// <summary>True when the peer has shown that it delivers, and fast enough for a player that has nothing left to play.</summary>
    private bool IsQuick(Peer peer) =>
        peer.Health.IsProven && SourcePicker.Expect(peer, site.UsualSize) < FetchGate.Margin.TotalSeconds * 2 / 3;

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

        if (fetch.Urgency == Urgency.Ahead)
        {
            return true;
        }

        _lookup.Start(now, cancellationToken);
        return _lookup.IsPending(now);
    }

    private Source? NextOrigin(TimeSpan now) => site.Origins().FirstOrDefault(
        o => now >= _notBefore.GetValueOrDefault(o)
            && o.Health.StateAt(now) == SourceState.Usable
            && (o.LetsKeep || fetch.Urgency == Urgency.Waited));

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
