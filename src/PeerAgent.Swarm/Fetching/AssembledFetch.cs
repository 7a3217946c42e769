using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Assembly;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// Fetches a chunk whose digest is known, in parts from several sources where that gets it here sooner; nobody sees a byte
/// before all of it is verified.
/// </summary>
internal sealed class AssembledFetch : ChunkFetch
{
    private const int MaxSources = 6;

    /// <summary>What will be done so soon is not given to a peer that is unknown, which may be slower yet.</summary>
    private static readonly TimeSpan NearlyDone = TimeSpan.FromSeconds(0.8);
    private static readonly TimeSpan RoomPause = TimeSpan.FromMilliseconds(250);

    private readonly ChunkAssembly _assembly;
    private readonly AssemblyJudge _judge;
    private readonly ShareRule _shares;
    private readonly CrossPlan _across;
    private readonly bool _isUsual;
    private readonly List<PartAttempt> _running = [];
    private volatile PartAttempt[] _atWork = [];
    private CancellationToken _token;

    public AssembledFetch(FetchSite site, ChunkLayout layout, ChunkId chunk)
        : base(site, layout, chunk)
    {
        _assembly = new ChunkAssembly(site.UsualSize, Wanted.MaxBytes, site.Memory);
        _judge = new AssemblyJudge(site, Plan, _assembly, chunk);
        _shares = new ShareRule(site);
        _across = new CrossPlan(Plan, _assembly, _judge);
        _isUsual = site.IsUsual(chunk);
    }

    /// <inheritdoc/>
    public override bool IsAlmostDone =>
        _assembly.Total is > 0 and var total && _assembly.Received >= total * 3 / 4 && Array.TrueForAll(_atWork, a => a.Received > 0);

    /// <summary>Missing parts that nobody is asked for.</summary>
    private List<Part> Unattended => [.. _assembly.Missing.Where(p => !_running.Exists(a => a.Part == p))];

    /// <inheritdoc/>
    protected override async Task<FetchEnd> FetchAsync(CancellationToken cancellationToken)
    {
        _token = cancellationToken;
        Site.Line.Enter(this);
        while (true)
        {
            var running = Harvest();
            if (_assembly.IsComplete || _judge.IsOutOfRoom)
            {
                Site.Line.Leave(this);
                await StopAllAsync();
                if (_assembly.IsComplete && _judge.Judge() is { } end)
                {
                    return end;
                }

                await WaitForRoomAsync(cancellationToken);
                Site.Line.Enter(this);
                running = 0;
            }

            if (IsOver(running))
            {
                return new FetchEnd.Abandoned();
            }

            await WaitAsync(_running, cancellationToken);
        }
    }

    /// <summary>Sees to it that every missing part has a source, and a second one where the first is silent or slow.</summary>
    public override void Employ()
    {
        if (_running.Exists(a => a.Completion.IsCompleted))
        {
            // Its own loop looks at what has ended first.
            return;
        }

        var now = Clock.Now;
        if (_judge.InDoubt is not null)
        {
            EmployAcross(now);
        }
        else
        {
            Unattended.ForEach(p => EmployFirst(p, now));
        }

        foreach (var part in _assembly.Missing)
        {
            var at = _running.Where(a => a.Part == part).ToList();
            if (at.Count == 1 && _running.Count < MaxSources)
            {
                Help(at[0], now);
            }
            else if (at.Count == 2 && at.TrueForAll(a => IsSilent(a, now)) && FetchGate.IsCritical(this, now))
            {
                Rescue(part, now);
            }
        }

        _atWork = [.. _running];
    }

    /// <summary>Others may be waiting for the very bytes that this one has begun with: it lets go of them, and begins again when there is room.</summary>
    private async Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        if (_judge.IsOutOfRoom)
        {
            var room = Site.Memory.Room;
            _judge.MakeRoom();
            await Clock.WaitAsync(room, RoomPause, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override void Free() => _assembly.Clear();

    /// <inheritdoc/>
    protected override void GaveUp(string reason)
    {
        // Nobody has seen a byte of it.
    }

    /// <inheritdoc/>
    protected override async Task ClearUpAsync()
    {
        var isLost = !_assembly.IsComplete || _judge.InDoubt is not null;
        await StopAllAsync();
        if (isLost)
        {
            _judge.Drop();
        }
    }

    private async Task StopAllAsync()
    {
        // Not in line any more: nobody else touches them.
        foreach (var attempt in _running)
        {
            attempt.Beaten();
            await attempt.Completion;
            Ended(attempt);
            attempt.ObserveSpeed();
            attempt.Dispose();
        }

        _running.Clear();
        _atWork = [];
    }

    /// <summary>Notes what came of the attempts that have ended, and tells how many are still at work.</summary>
    private int Harvest()
    {
        lock (Site.Line.Gate)
        {
            foreach (var attempt in _running.Where(a => a.Completion.IsCompleted).ToList())
            {
                _running.Remove(attempt);
                using (attempt)
                {
                    // Before its end is held against it: what a good source gave is gone on with by others.
                    var isUnproven = !attempt.Source.Health.IsProven;
                    Ended(attempt);
                    _judge.Note(attempt, attempt.Outcome);
                    if (isUnproven && !_running.Exists(a => a.Part == attempt.Part))
                    {
                        _judge.Forget(attempt);
                    }
                }
            }

            _judge.TrySettle();
            Tell(_running);
            return _running.Count;
        }
    }

    /// <summary>Every part in doubt is asked of somebody who did not give it; if nobody can be, one source at a time is tried.</summary>
    private void EmployAcross(TimeSpan now)
    {
        if (_assembly.Total is not null || _across.TryLayOut(now, MaxSources))
        {
            foreach (var (part, source, why) in _across.Choose(Unattended, now).Take(MaxSources - _running.Count))
            {
                Start(source, part, why);
            }
        }

        if (_running.Count == 0 && !_assembly.IsComplete)
        {
            _judge.BeginAlone();
            Site.Directory.Changed.Pulse();
        }
    }

    private void EmployFirst(Part part, TimeSpan now)
    {
        if (_running.Count >= MaxSources)
        {
            return;
        }

        if (Plan.Next(now, _assembly.Received > 0 || _running.Count > 0, _token) is not { } first)
        {
            if (_running.Count == 0 && _judge.TryBeginWhole())
            {
                Site.Directory.Changed.Pulse();
            }

            return;
        }

        var others = _running.Count == 0 && MayLayOut ? _shares.Companions(Plan, first, now, Wished(now), MaxSources) : [];
        if (others.Count == 0)
        {
            Start(first, part, Plan.Why);
            return;
        }

        if (TryLayOut(first, others))
        {
            StartShares(_assembly.Missing.Zip(others.Prepend((first, true))));
        }
    }

    /// <summary>
    /// Where one was asked for all of a chunk that a player waits for, and no byte is here yet, those who have been found since get
    /// shares, too. False when there are none.
    /// </summary>
    private bool TrySpread(PartAttempt first, TimeSpan now)
    {
        if (Urgency != Urgency.Waited || _running.Count > 1 || !MayLayOut)
        {
            return false;
        }

        var others = _shares.Companions(Plan, first.Source, now, Wished(now), MaxSources);
        if (others.Count == 0 || !TryLayOut(first.Source, others))
        {
            return false;
        }

        first.Expect(_assembly.Bounds(first.Part).End ?? Site.UsualSize);
        StartShares(_assembly.Missing.Skip(1).Zip(others));
        return true;
    }

    private bool TryLayOut(Source first, IReadOnlyList<(Source Source, bool AtOnce)> others)
    {
        var shares = _shares.Shares([first, .. others.Select(o => o.Source)]);
        return _assembly.TryLayOut(shares, _shares.LengthToShare(shares));
    }

    /// <summary>A share whose source is not free yet waits for whoever is so first.</summary>
    private void StartShares(IEnumerable<(Part Share, (Source Source, bool AtOnce) To)> shares)
    {
        foreach (var (share, (source, _)) in shares.Where(s => s.To.AtOnce))
        {
            Start(source, share, "one source alone would take too long");
        }
    }

    /// <summary>Only an untouched chunk is laid out in parts, only once, and only where its size can be told before.</summary>
    private bool MayLayOut =>
        Urgency != Urgency.Ahead && _isUsual && Site.IsSizeKnown && !_judge.IsAlone && !_assembly.IsShared && _assembly.Received == 0;

    private void Help(PartAttempt slow, TimeSpan now)
    {
        if (Urgency == Urgency.Ahead || _judge.IsAlone)
        {
            // Nobody is in a hurry, or one source at a time is to show what its bytes are worth.
            return;
        }

        // Of a chunk that is not like the others nobody can say how much is missing before its length is known.
        var late = _isUsual || _assembly.Total is not null ? _shares.TimeLeft(slow, _assembly, !Plan.MayNotMix(slow.Source, now), now) : null;
        var mayAskOrigin = Plan.MayHelpOut(late, now);
        var busy = _running.Select(a => a.Source).Concat(_judge.NotFor(slow.Part)).ToList();
        if (IsSilent(slow, now))
        {
            if (MayRepeat && Plan.NextHelper(now, busy, mayAskOrigin) is { } rival)
            {
                if (Plan.MayNotMix(slow.Source, now))
                {
                    _judge.Forget(slow);
                }

                _assembly.Release(slow.Part, slow);
                Start(rival, slow.Part, $"{slow.Source.Name} is silent");
            }
        }
        else if (!TrySpread(slow, now)
            && late is { } left
            && now + left > Wished(now)
            && Plan.NextHelper(now, busy, mayAskOrigin) is { } helper
            && (helper.IsOrigin || helper.Speed.Latency is not null || left > NearlyDone))
        {
            Relieve(slow, helper, left, now);
        }
    }

    /// <summary>When the chunk should be here, so that nobody need come to the rescue; where that is over, as soon as can be.</summary>
    private TimeSpan Wished(TimeSpan now)
    {
        var wished = Latest - FetchGate.Margin;
        return wished > now ? wished : now;
    }

    private bool IsSilent(PartAttempt attempt, TimeSpan now) => now - attempt.LastByte >= Site.Parts.Options.RivalAfter;

    /// <summary>Two are silent and the player has nothing left to play: an origin, if there is one.</summary>
    private void Rescue(Part part, TimeSpan now)
    {
        if (Plan.NextHelper(now, [.. _running.Select(a => a.Source), .. _judge.NotFor(part)], mayAskOrigin: true) is { IsOrigin: true } origin)
        {
            Start(origin, part, "two are silent");
        }
    }

    /// <summary>The helper takes the far end of what is missing, or, where that is too small to share, all of it.</summary>
    private void Relieve(PartAttempt slow, Source helper, TimeSpan left, TimeSpan now)
    {
        var why = $"{slow.Source.Name} alone would take {left.TotalSeconds:0.0} s more";
        if (!Plan.MayNotMix(slow.Source, now) && _shares.Divide(slow, helper, left, _assembly) is { } tail)
        {
            slow.Expect(tail.From - _assembly.Bounds(slow.Part).Position);
            Start(helper, tail, why);
        }
        else if (_shares.IsMuchFaster(helper, slow, left, _assembly))
        {
            slow.Beaten();
            if (!slow.Source.Health.IsProven)
            {
                _judge.Forget(slow);
            }

            _assembly.Release(slow.Part, slow);
            Start(helper, slow.Part, why);
        }
    }

    /// <summary>Asking two for the same bytes may cost bytes: a twentieth of all, more only while a player waits.</summary>
    private bool MayRepeat
    {
        get
        {
            var traffic = Site.Traffic.Snapshot();
            return Urgency == Urgency.Waited
                || (traffic.WastedBytes + Site.UsualSize) * 20 <= traffic.DownloadedBytes + traffic.OriginBytes;
        }
    }

    private void Start(Source source, Part part, string why)
    {
        var (position, end) = _assembly.Bounds(part);
        if (position == end)
        {
            // Its last bytes came just now.
            return;
        }

        var attempt = new PartAttempt(source, Site, _assembly, part, _token);
        _running.Add(attempt);
        Begin(attempt, Wanted with { Offset = position, End = end == _assembly.Total ? null : end }, why);
        Tell(_running);
    }
}
