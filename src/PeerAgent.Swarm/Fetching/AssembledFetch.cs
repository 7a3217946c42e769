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
    private static readonly TimeSpan RoomPause = TimeSpan.FromMilliseconds(250);

    private readonly ChunkAssembly _assembly;
    private readonly AssemblyJudge _judge;
    private readonly ShareRule _shares;
    private readonly bool _isUsual;
    private readonly List<PartAttempt> _running = [];
    private volatile PartAttempt[] _atWork = [];

    public AssembledFetch(FetchSite site, ChunkLayout layout, ChunkId chunk)
        : base(site, layout, chunk)
    {
        _assembly = new ChunkAssembly(site.UsualSize, Wanted.MaxBytes, site.Memory);
        _judge = new AssemblyJudge(site, Plan, _assembly, chunk);
        _shares = new ShareRule(site);
        _isUsual = site.IsUsual(chunk);
    }

    /// <inheritdoc/>
    public override bool IsAlmostDone =>
        _assembly.Total is > 0 and var total && _assembly.Received >= total * 3 / 4 && Array.TrueForAll(_atWork, a => a.Received > 0);

    /// <inheritdoc/>
    protected override async Task<FetchEnd> FetchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = Site.Directory.Changed.Next;
            await HarvestAsync();
            if (_assembly.IsComplete)
            {
                await StopAllAsync();
                if (_judge.Judge() is { } end)
                {
                    return end;
                }
            }

            if (_judge.IsOutOfRoom)
            {
                await WaitForRoomAsync(cancellationToken);
                continue;
            }

            if (IsOver(_running.Count))
            {
                return new FetchEnd.Abandoned();
            }

            Employ(cancellationToken);
            _atWork = [.. _running];
            await WaitAsync(changed, _running, isSettled: false, cancellationToken);
        }
    }

    /// <summary>Others may be waiting for the very bytes that this one has begun with: it lets go of them, and begins again when there is room.</summary>
    private async Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        var room = Site.Memory.Room;
        await StopAllAsync();
        _judge.MakeRoom();
        await Clock.WaitAsync(room, RoomPause, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void GaveUp(string reason)
    {
        // Nobody has seen a byte of it.
    }

    /// <inheritdoc/>
    protected override async Task ClearUpAsync()
    {
        var isLost = !_assembly.IsComplete;
        await StopAllAsync();
        if (isLost)
        {
            Site.Traffic.Wasted(_assembly.Received);
        }

        _assembly.Clear();
    }

    private async Task StopAllAsync()
    {
        foreach (var attempt in _running)
        {
            attempt.Beaten();
            var outcome = await attempt.Completion;
            Ended(attempt, outcome);
            attempt.ObserveSpeed();
            attempt.Dispose();
        }

        _running.Clear();
    }

    private async Task HarvestAsync()
    {
        foreach (var attempt in _running.Where(a => a.Completion.IsCompleted).ToList())
        {
            _running.Remove(attempt);
            using (attempt)
            {
                var outcome = await attempt.Completion;
                Ended(attempt, outcome);
                _judge.Note(attempt, outcome);
            }
        }

        Tell(_running);
    }

    /// <summary>Sees to it that every missing part has a source, and a second one where the first is silent or slow.</summary>
    private void Employ(CancellationToken cancellationToken)
    {
        var now = Clock.Now;
        foreach (var part in _assembly.Missing)
        {
            var at = _running.Where(a => a.Part == part).ToList();
            if (at.Count == 0)
            {
                EmployFirst(part, now, cancellationToken);
            }
            else if (at.Count == 1 && _running.Count < MaxSources)
            {
                Help(at[0], now, cancellationToken);
            }
            else if (at.Count == 2 && at.TrueForAll(a => IsSilent(a, now)) && FetchGate.IsCritical(this, now))
            {
                Rescue(part, now, cancellationToken);
            }
        }
    }

    private void EmployFirst(Part part, TimeSpan now, CancellationToken cancellationToken)
    {
        if (_running.Count >= MaxSources)
        {
            return;
        }

        if (Plan.Next(now, cancellationToken) is not { } first)
        {
            if (_running.Count == 0 && _judge.TryBeginWhole())
            {
                Site.Directory.Changed.Pulse();
            }

            return;
        }

        var others = _running.Count == 0 && MayLayOut
            ? _shares.Companions(Plan, first, now, FetchGate.IsCritical(this, now) ? MaxSources : MaxSources / 2)
            : [];
        if (others.Count == 0)
        {
            Start(first, part, Plan.Why, cancellationToken);
            return;
        }

        _assembly.LayOut(_shares.Shares([first, .. others]));
        foreach (var (source, share) in _assembly.Missing.Zip([first, .. others], (p, s) => (s, p)))
        {
            Start(source, share, "one source alone would take too long", cancellationToken);
        }
    }

    /// <summary>Only an untouched chunk is laid out in parts, only once, and only where its size can be told before.</summary>
    private bool MayLayOut =>
        Urgency == Urgency.Waited && _isUsual && Site.IsSizeKnown && !_judge.IsAlone && !_assembly.IsShared && _assembly.Received == 0;

    private void Help(PartAttempt slow, TimeSpan now, CancellationToken cancellationToken)
    {
        if (Urgency == Urgency.Ahead || _judge.IsAlone)
        {
            // Nobody is in a hurry, or one source at a time is to show what its bytes are worth.
            return;
        }

        var mayAskOrigin = Urgency == Urgency.Waited && (FetchGate.IsCritical(this, now) || Deadline - now < Site.Parts.Options.OriginRescue);
        var busy = _running.Select(a => a.Source).ToList();
        if (IsSilent(slow, now))
        {
            if (MayRepeat && Plan.NextHelper(now, busy, mayAskOrigin) is { } rival)
            {
                _assembly.Release(slow.Part, slow);
                Start(rival, slow.Part, $"{slow.Source.Name} is silent", cancellationToken);
            }
        }
        else if (ShareRule.TimeLeft(slow, _assembly, now) is { } left
            && (Urgency == Urgency.Waited || now + left > Due)
            && Plan.NextHelper(now, busy, mayAskOrigin) is { } helper)
        {
            Relieve(slow, helper, left, cancellationToken);
        }
    }

    private bool IsSilent(PartAttempt attempt, TimeSpan now) => now - attempt.LastByte >= Site.Parts.Options.RivalAfter;

    /// <summary>Two are silent and the player has nothing left to play: an origin, if there is one.</summary>
    private void Rescue(Part part, TimeSpan now, CancellationToken cancellationToken)
    {
        if (Plan.NextHelper(now, [.. _running.Select(a => a.Source)], mayAskOrigin: true) is { IsOrigin: true } origin)
        {
            Start(origin, part, "two are silent", cancellationToken);
        }
    }

    /// <summary>The helper takes the far end of what is missing, or, where that is too small to share, all of it.</summary>
    private void Relieve(PartAttempt slow, Source helper, TimeSpan left, CancellationToken cancellationToken)
    {
        var why = $"{slow.Source.Name} alone would take {left.TotalSeconds:0.0} s more";
        if (ShareRule.Divide(slow, helper, left, _assembly) is { } tail)
        {
            Start(helper, tail, why, cancellationToken);
        }
        else if (ShareRule.IsMuchFaster(helper, slow, left, _assembly))
        {
            slow.Beaten();
            _assembly.Release(slow.Part, slow);
            Start(helper, slow.Part, why, cancellationToken);
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

    private void Start(Source source, Part part, string why, CancellationToken cancellationToken)
    {
        var attempt = new PartAttempt(source, Site, _assembly, part, cancellationToken);
        _running.Add(attempt);
        var (position, end) = _assembly.Bounds(part);
        Begin(attempt, Wanted with { Offset = position, End = end == _assembly.Total ? null : end }, why);
        Tell(_running);
    }
}
