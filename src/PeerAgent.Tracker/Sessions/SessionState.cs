using Microsoft.Extensions.Logging;
using PeerAgent.Tracker.Telemetry;
using PeerAgent.Tracker.Tiers;
using PeerAgent.Tracker.Trackers;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Tracker.Sessions;

/// <summary>
/// All that a session knows. Used by the session's loop only: <see cref="Planner"/> reads it, <see cref="Consequences"/>
/// changes it.
/// </summary>
internal sealed class SessionState(TierList tiers, TrackerLink link, TrackerOptions options, Instruments instruments)
{
    private readonly List<Member> _members = [];

    public TierList Tiers => tiers;

    public TrackerLink Link => link;

    public TrackerOptions Options => options;

    public ILogger Logger => instruments.Logger;

    public TrackerMetrics Metrics => instruments.Metrics;

    public Reporting Reporting { get; } = new(options.StatReportInterval);

    public IReadOnlyList<Member> Members => _members;

    /// <summary>When the tracker last accepted a message.</summary>
    public TimeSpan LastAcceptedAt { get; set; }

    /// <summary>No routine FIND_PEER before this time, so that many swarms do not ask all at once.</summary>
    public TimeSpan FindSlot { get; set; }

    /// <summary>Better trackers are being tried right now.</summary>
    public bool IsProbing { get; set; }

    /// <summary>The goodbye under way; null while there is a swarm to stay for.</summary>
    public Goodbye? Goodbye { get; private set; }

    /// <summary>When everything has to be over; null while nobody has asked for that.</summary>
    public TimeSpan? StopsAt { get; private set; }

    public bool IsStopping => StopsAt is not null;

    /// <summary>Trackers to say goodbye to beside the main conversation, with the swarms joined there.</summary>
    public Queue<(Candidate Tracker, Registration Place, IReadOnlyList<SwarmId> Swarms)> Farewells { get; } = new();

    public IEnumerable<Member> Joined => _members.Where(m => m.State == MemberState.Joined);

    public bool SomeoneWaits => _members.Any(m => m.IsActive && m.IsNew);

    public void Join(Member member, TimeSpan now)
    {
        _members.Add(member);
        if (IsStopping)
        {
            member.BeginLeaving();
            return;
        }

        Goodbye = null;
        RemoveSilentlyGone();
        link.Hurry(now);
    }

    public void Leave(Member member, TimeSpan now)
    {
        member.BeginLeaving();
        Reporting.Restart(now);
        if (_members.Any(m => m.IsActive))
        {
            RemoveSilentlyGone();
        }
        else if (_members.Count > 0)
        {
            Goodbye ??= new Goodbye(now, Goodbye.Usual);
        }
    }

    /// <summary>Everything ends within <paramref name="window"/>; of several ends the earliest counts.</summary>
    public void Stop(TimeSpan window, TimeSpan now)
    {
        if (StopsAt is { } end && end <= now + window)
        {
            return;
        }

        StopsAt = now + window;
        Goodbye = new Goodbye(now, window) { SkipsLeaves = Goodbye is { SkipsLeaves: true } };
        foreach (var member in _members)
        {
            member.BeginLeaving();
        }
    }

    public void Remove(Member member)
    {
        _members.Remove(member);
        member.HasLeft();
    }

    /// <summary>The session is registered nowhere any more, and no swarm waits to be left.</summary>
    public void EndGoodbye()
    {
        link.Closed();
        foreach (var member in _members.Where(m => !m.IsActive).ToList())
        {
            Remove(member);
        }

        Goodbye = null;
    }

    /// <summary>Another tracker, or one that has to be told everything again.</summary>
    public void RestartMembers(TimeSpan now)
    {
        Reporting.Restart(now);
        FindSlot = TimeSpan.Zero;
        foreach (var member in _members)
        {
            member.Restart();
        }

        if (Goodbye is null)
        {
            RemoveSilentlyGone();
        }
    }

    /// <summary>The first attempt of everybody who waits ends without success.</summary>
    public void FailFirstAttempts()
    {
        JoinFailure[] failures = [.. tiers.All.Select(c => new JoinFailure(c.Endpoint.Name, c.LastError ?? "it was not asked"))];
        foreach (var member in _members.Where(m => m.IsActive))
        {
            member.CompleteFirstAttempt(new JoinOutcome(false, failures));
        }
    }

    /// <summary>Hands the place at a tracker over to a farewell of its own.</summary>
    public void SayFarewell(Candidate tracker, IReadOnlyList<SwarmId> swarms)
    {
        if (tracker.Registration is { } place)
        {
            tracker.Registration = null;
            tracker.State = TrackerState.Idle;
            Farewells.Enqueue((tracker, place, swarms));
        }
    }

    /// <summary>What was never joined at the session's tracker is left without a word.</summary>
    private void RemoveSilentlyGone()
    {
        foreach (var member in _members.Where(m => m is { IsActive: false, JoinSent: false }).ToList())
        {
            Remove(member);
        }
    }
}
