using Microsoft.Extensions.Logging;
using PeerAgent.Tracker.Timing;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Sessions;

/// <summary>One swarm in a session: where it stands and what is due. Used by the session's loop only, save its tasks.</summary>
internal sealed class Member
{
    /// <summary>The hint that peers are wanted.</summary>
    public const int PeersHint = 1;

    /// <summary>The hint that the map has changed.</summary>
    public const int MapHint = 2;

    private static readonly TimeSpan FirstRefusalWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRefusalWait = TimeSpan.FromMinutes(10);

    private readonly ISwarmMember _source;
    private readonly ILogger _logger;
    private readonly Backoff _refused;
    private readonly TaskCompletionSource<JoinOutcome> _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _firstJoined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (int Held, long Version)? _reported;
    private bool _firstReportDone;
    private int _hints;

    public Member(ISwarmMember source, Chance chance, ILogger logger)
    {
        _source = source;
        _logger = logger;
        _refused = new Backoff(FirstRefusalWait, LongestRefusalWait, chance);
        Finding = new FindSchedule(chance);
        SwarmId = source.SwarmId;
    }

    public SwarmId SwarmId { get; }

    public MemberState State { get; private set; }

    public FindSchedule Finding { get; }

    /// <summary>True until the first FIND_PEER and STAT_REPORT were answered: someone may be waiting.</summary>
    public bool IsNew => !_firstAttempt.Task.IsCompleted;

    /// <summary>True once JOIN went out to the session's tracker, whatever became of it.</summary>
    public bool JoinSent { get; set; }

    /// <summary>True while no tracker has answered FIND_PEER.</summary>
    public bool IsFresh { get; private set; } = true;

    /// <summary>JOIN is not sent before this time.</summary>
    public TimeSpan JoinAt { get; private set; }

    /// <summary>When a report of this swarm is due ahead of the next full one; null = it is not.</summary>
    public TimeSpan? ReportAt { get; private set; }

    /// <summary>The report that is due is only wanted if much has changed.</summary>
    public bool ReportOnlyIfChanged { get; private set; }

    /// <summary>Done when the first attempt is.</summary>
    public Task<JoinOutcome> FirstAttempt => _firstAttempt.Task;

    /// <summary>
    /// Done when some tracker has accepted JOIN and answered a report, be it long after the first attempt; cancelled when
    /// the swarm is left before.
    /// </summary>
    public Task FirstJoined => _firstJoined.Task;

    /// <summary>Done when the swarm is left.</summary>
    public Task Left => _left.Task;

    public bool IsActive => State is MemberState.Joining or MemberState.Joined;

    public bool WantsPeers => Ask(static s => s.WantsPeers, fallback: false);

    public int UsablePeers => Ask(static s => s.UsablePeers, fallback: FindSchedule.FewPeers);

    /// <summary>True when the hint is new; it stays so until <see cref="HintTaken"/>. From any thread.</summary>
    public bool TryHint(int hint) => (Interlocked.Or(ref _hints, hint) & hint) == 0;

    /// <summary>The loop has read the hint.</summary>
    public void HintTaken(int hint) => Interlocked.And(ref _hints, ~hint);

    public bool FindIsDue(TimeSpan now) => now >= Finding.NextAt && Finding.IsDue(WantsPeers, UsablePeers, now);

    public SwarmReport? TryGetReport() => Ask(static s => s.GetReport(), fallback: null);

    public void PeersFound(IReadOnlyList<PeerInfo> peers) => Ask(
        s =>
        {
            s.PeersFound(peers);
            return true;
        },
        fallback: false);

    /// <summary>The session has another tracker, or the same one with an empty memory.</summary>
    public void Restart()
    {
        if (!IsActive)
        {
            JoinSent = false;
            return;
        }

        State = MemberState.Joining;
        JoinSent = false;
        JoinAt = TimeSpan.Zero;
        ReportAt = null;
        Finding.Restart();
    }

    public void Joined(TimeSpan now)
    {
        State = MemberState.Joined;
        _refused.Reset();
        RequestReport(now, onlyIfChanged: false);
    }

    public void JoinRefused(TimeSpan now)
    {
        JoinSent = false;
        JoinAt = now + _refused.Next();
    }

    public void Found(TimeSpan now)
    {
        IsFresh = false;
        Finding.Asked(now);
        FinishFirstAttempt();
    }

    public void RequestReport(TimeSpan at, bool onlyIfChanged)
    {
        if (ReportAt is null || (ReportOnlyIfChanged && !onlyIfChanged))
        {
            (ReportAt, ReportOnlyIfChanged) = (at, onlyIfChanged);
        }
    }

    public void ReportTaken() => ReportAt = null;

    /// <summary>The report arrived, or there was none to send.</summary>
    public void Reported(SwarmReport? report)
    {
        _reported = report is null ? _reported : (report.HeldChunks, report.MapVersion);
        _firstReportDone = true;
        _firstJoined.TrySetResult();
        FinishFirstAttempt();
    }

    /// <summary>True when more than 5 % of the chunks came or went since the last report, or the last one came.</summary>
    public bool HasChangedMuch(SwarmReport report)
    {
        if (_reported is not { } last)
        {
            return true;
        }

        var difference = Math.Abs((long)report.HeldChunks - last.Held);
        return report.MapVersion != last.Version
            && (difference * 20 > report.TotalChunks || (difference > 0 && report.HeldChunks == report.TotalChunks));
    }

    public void BeginLeaving() => State = State == MemberState.Left ? MemberState.Left : MemberState.Leaving;

    public void HasLeft()
    {
        State = MemberState.Left;
        _left.TrySetResult();
        _firstJoined.TrySetCanceled();
        CompleteFirstAttempt(new JoinOutcome(false, []));
    }

    public void CompleteFirstAttempt(JoinOutcome outcome) => _firstAttempt.TrySetResult(outcome);

    private void FinishFirstAttempt()
    {
        if (IsNew && _firstReportDone && State == MemberState.Joined && (!IsFresh || !WantsPeers))
        {
            CompleteFirstAttempt(JoinOutcome.Joined);
        }
    }

    /// <summary>The other side is foreign code: what it throws must not end the loop that serves all swarms.</summary>
    private T Ask<T>(Func<ISwarmMember, T> question, T fallback)
    {
        try
        {
            return question(_source);
        }
        catch (Exception e)
        {
            TrackerLog.MemberFailed(_logger, e, SwarmId.Value);
            return fallback;
        }
    }
}
