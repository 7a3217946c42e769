using Microsoft.Extensions.Logging;
using PeerAgent.Tracker.Client;
using PeerAgent.Tracker.Timing;
using PeerAgent.Tracker.Trackers;

namespace PeerAgent.Tracker.Tiers;

/// <summary>
/// At which tracker a session is registered, and which one comes next: rounds through the tiers, re-registration after a
/// tracker lost its memory, the way back to a better tier. Knows nothing of swarms and sends nothing. Times are those of
/// the session's clock. Used by the session's loop only.
/// </summary>
internal sealed class TrackerLink(TierList tiers, TrackerOptions options, Chance chance, ILogger logger)
{
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AmnesiaIsPast = TimeSpan.FromMinutes(10);

    private readonly Backoff _rounds = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), chance);
    private readonly Backoff _amnesia = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5), chance);
    private Candidate? _again;
    private Candidate? _lost;
    private bool _inRound;
    private bool _roundFailed;
    private int _quickLosses;
    private TimeSpan _connectedAt;
    private TimeSpan _forgottenAt;
    private TimeSpan _forgiveAt;

    public LinkState State { get; private set; }

    /// <summary>The tracker the session is registered at; null unless connected.</summary>
    public Candidate? Current { get; private set; }

    /// <summary>The tracker that accepted the last CONNECT; null before the first and after a goodbye.</summary>
    public Candidate? LastServing { get; private set; }

    /// <summary>True when the tracker did more since CONNECT than to accept it.</summary>
    public bool IsProven { get; private set; }

    /// <summary>When the next round through the tiers may begin.</summary>
    public TimeSpan NextRoundAt { get; private set; }

    /// <summary>Tries of better trackers.</summary>
    public Failback Failback { get; } = new(options.FailbackInterval);

    /// <summary>A better tracker that answered well and is to be gone back to.</summary>
    public Candidate? GoBackTo { get; set; }

    /// <summary>True while another tracker could be asked in place of the one being asked.</summary>
    public bool HasAlternative => tiers.Remaining > 0;

    /// <summary>True when another tracker may serve as well as the one that does: it has not failed when it was tried last.</summary>
    public bool HasSpare(TimeSpan now) =>
        tiers.All.Any(c => c != Current && c.State != TrackerState.Failed && c.HoldUntil <= now);

    /// <summary>The tracker to send CONNECT to now, or null.</summary>
    public Candidate? NextToConnect(TimeSpan now)
    {
        if (State != LinkState.Disconnected)
        {
            return null;
        }

        if (_again is { } same)
        {
            _again = null;
            return same;
        }

        if (!_inRound)
        {
            if (now < NextRoundAt)
            {
                return null;
            }

            tiers.StartRound(_lost);
            _lost = null;
            _inRound = true;
        }

        var next = tiers.Take(now);
        if (next is null)
        {
            EndRound(now);
        }

        return next;
    }

    /// <summary>True once after each round in which no tracker could be used.</summary>
    public bool TakeRoundFailed() => _roundFailed && !(_roundFailed = false);

    /// <summary>Someone waits: the next round begins now.</summary>
    public void Hurry(TimeSpan now) => NextRoundAt = now < NextRoundAt ? now : NextRoundAt;

    /// <summary>CONNECT goes out. On the way back to a better tracker the session stays connected meanwhile.</summary>
    public void Connecting(Candidate candidate)
    {
        candidate.State = TrackerState.Connecting;
        State = State == LinkState.Connected ? LinkState.Connected : LinkState.Connecting;
    }

    /// <summary>CONNECT was accepted. Returns the tracker that served until now, if one did.</summary>
    public Candidate? Connected(Candidate candidate, TimeSpan now)
    {
        var before = Current;
        State = LinkState.Connected;
        Current = candidate;
        LastServing = candidate;
        IsProven = false;
        _connectedAt = now;
        candidate.State = TrackerState.Connected;
        candidate.LastError = null;
        Failback.Watch(hasBetter: candidate.Rank > 0, now);
        TrackerLog.Connected(logger, candidate.Endpoint.Name, candidate.Endpoint.Tier);
        return before;
    }

    /// <summary>CONNECT failed.</summary>
    public void ConnectFailed(Candidate candidate, TrackerFailure failure, TimeSpan now)
    {
        TrackerLog.ConnectFailed(logger, candidate.Endpoint.Name, failure.Sentence);
        Blame(candidate, failure, now);
        if (State == LinkState.Connected)
        {
            Failback.Disappointed(now);
            return;
        }

        State = LinkState.Disconnected;
        if (!_inRound)
        {
            _lost = candidate;
            NextRoundAt = now;
        }
    }

    /// <summary>The tracker did what it was asked for after CONNECT: the round is over.</summary>
    public void Prove()
    {
        IsProven = true;
        _inRound = false;
    }

    /// <summary>The tracker can no longer be used.</summary>
    public void Lost(TrackerFailure failure, TimeSpan now)
    {
        var lost = Current!;
        TrackerLog.Lost(logger, lost.Endpoint.Name, failure.Sentence);
        Blame(lost, failure, now);
        Current = null;
        GoBackTo = null;
        State = LinkState.Disconnected;
        if (!IsProven && _inRound)
        {
            return;
        }

        if (now - _connectedAt >= StableAfter)
        {
            _rounds.Reset();
            _quickLosses = 0;
        }

        _inRound = false;
        _lost = lost;
        NextRoundAt = ++_quickLosses < tiers.All.Count ? now : now + _rounds.Next();
    }

    /// <summary>
    /// The tracker does not know the session any more: it is registered there again, once per backoff; in between the
    /// tracker counts as lost.
    /// </summary>
    public void Forgotten(TrackerFailure failure, TimeSpan now)
    {
        if (now < _forgiveAt)
        {
            Current!.HoldUntil = _forgiveAt;
            Lost(failure, now);
            return;
        }

        if (now - _forgottenAt > AmnesiaIsPast)
        {
            _amnesia.Reset();
        }

        TrackerLog.Forgotten(logger, Current!.Endpoint.Name);
        _forgottenAt = now;
        _forgiveAt = now + _amnesia.Next();
        _again = Current;
        Current = null;
        State = LinkState.Disconnected;
        _inRound = false;
    }

    /// <summary>The session has said DISCONNECT, or nothing is left to stay connected for.</summary>
    public void Closed()
    {
        if (Current is { } current)
        {
            TrackerLog.Disconnected(logger, current.Endpoint.Name);
            current.State = TrackerState.Idle;
            GiveUpPlace(current);
        }

        Current = null;
        LastServing = null;
        GoBackTo = null;
        _again = null;
        _inRound = false;
        State = LinkState.Disconnected;
        NextRoundAt = TimeSpan.Zero;
    }

    private static void Blame(Candidate candidate, TrackerFailure failure, TimeSpan now)
    {
        candidate.State = TrackerState.Failed;
        candidate.LastError = failure.Sentence;
        GiveUpPlace(candidate);
        if (failure is TrackerRefusal { RetryAfter: { } wait } && now + wait > candidate.HoldUntil)
        {
            candidate.HoldUntil = now + wait;
        }
    }

    private static void GiveUpPlace(Candidate candidate)
    {
        candidate.Registration?.Abandon();
        candidate.Registration = null;
    }

    private void EndRound(TimeSpan now)
    {
        var wait = _rounds.Next();
        var free = tiers.All.Min(c => c.HoldUntil) - now;
        wait = free > wait ? free : wait;
        NextRoundAt = now + wait;
        _inRound = false;
        _roundFailed = true;
        TrackerLog.RoundFailed(logger, tiers.All.Count, wait);
    }
}
