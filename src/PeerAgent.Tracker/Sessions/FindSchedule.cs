using PeerAgent.Tracker.Timing;

namespace PeerAgent.Tracker.Sessions;

/// <summary>
/// When a swarm asks FIND_PEER again: now and then, sooner while few peers can be used. Used by the session's loop only.
/// </summary>
internal sealed class FindSchedule(Chance chance)
{
    /// <summary>Fewer usable peers than this are few.</summary>
    public const int FewPeers = 5;

    private static readonly TimeSpan Regular = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestGap = TimeSpan.FromSeconds(2);

    private readonly Backoff _whileFew = new(TimeSpan.FromSeconds(5), Regular, chance);
    private TimeSpan? _askedAt;
    private TimeSpan _fewAt;
    private TimeSpan _regularAt;
    private bool _requested;

    /// <summary>When to call <see cref="IsDue"/> again.</summary>
    public TimeSpan NextAt { get; private set; }

    /// <summary>True when FIND_PEER is to be sent now.</summary>
    public bool IsDue(bool wantsPeers, int usablePeers, TimeSpan now)
    {
        if (now < NextAt)
        {
            return false;
        }

        if (usablePeers >= FewPeers)
        {
            _whileFew.Reset();
        }

        var isDue = wantsPeers
            && (_askedAt is null || _requested || now >= _regularAt || (usablePeers < FewPeers && now >= _fewAt));
        NextAt = isDue ? now : LookAgainAt(now);
        return isDue;
    }

    /// <summary>FIND_PEER was answered, one way or the other.</summary>
    public void Asked(TimeSpan now)
    {
        _askedAt = now;
        _requested = false;
        _fewAt = now + _whileFew.Next();
        _regularAt = now + chance.Around(Regular, share: 0.1);
        NextAt = LookAgainAt(now);
    }

    /// <summary>The caller wants peers; asked as soon as the last FIND_PEER is not too recent.</summary>
    public void Request(TimeSpan now)
    {
        _requested = true;
        NextAt = _askedAt + ShortestGap is { } earliest && earliest > now ? earliest : now;
    }

    /// <summary>Another tracker: it is asked at once.</summary>
    public void Restart()
    {
        _askedAt = null;
        NextAt = TimeSpan.Zero;
    }

    /// <summary>The host's numbers change without notice, so they are looked at now and then.</summary>
    private TimeSpan LookAgainAt(TimeSpan now) => _fewAt > now && _fewAt < now + LookAgain ? _fewAt : now + LookAgain;
}
