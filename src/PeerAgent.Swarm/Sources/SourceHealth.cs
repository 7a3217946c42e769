namespace PeerAgent.Swarm.Sources;

/// <summary>
/// Whether a source may be asked now: failures and their growing pauses, choke, ban. Times are those of the stream's
/// clock. Safe for concurrent use.
/// </summary>
/// <param name="strangerPause">How long one who has never delivered rests after a first failure; the second pause is twice as long, and so on.</param>
internal sealed class SourceHealth(TimeSpan strangerPause)
{
    /// <summary>How long one rests after a first failure who has delivered before, or whom nobody can replace.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>How long a choke holds when nobody takes it back.</summary>
    public static readonly TimeSpan ChokeTime = TimeSpan.FromSeconds(60);

    private const int MostMisses = 3;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private TimeSpan _pausedUntil;
    private TimeSpan _deniedUntil;
    private TimeSpan _chokedUntil;
    private int _failures;
    private int _misses;
    private bool _proven;
    private string? _lastTrouble;
    private bool _banned;

    /// <summary>Failures in a row.</summary>
    public int Failures
    {
        get
        {
            lock (_gate)
            {
                return _failures;
            }
        }
    }

    /// <summary>True when it has delivered, right as far as that can be told, and has not failed since.</summary>
    public bool IsProven
    {
        get
        {
            lock (_gate)
            {
                return _proven && _failures == 0 && !_banned;
            }
        }
    }

    /// <summary>The last trouble in words, or null.</summary>
    public string? LastTrouble
    {
        get
        {
            lock (_gate)
            {
                return _lastTrouble;
            }
        }
    }

    /// <summary>Whether it may be asked, and why not.</summary>
    public SourceState StateAt(TimeSpan now)
    {
        lock (_gate)
        {
            return _banned ? SourceState.Banned
                : now < _chokedUntil ? SourceState.Choked
                : now < _pausedUntil ? (_failures == 0 ? SourceState.Busy : SourceState.Resting)
                : SourceState.Usable;
        }
    }

    /// <summary>True when it rests for no other reason than that it has never delivered: what nobody else has may be asked of it.</summary>
    public bool IsLastResort(TimeSpan now)
    {
        lock (_gate)
        {
            return !_banned && _failures > 0 && now >= _chokedUntil && now >= _deniedUntil && now < _pausedUntil;
        }
    }

    /// <summary>It did what it should.</summary>
    public void Succeeded()
    {
        lock (_gate)
        {
            _failures = 0;
            _misses = 0;
            _proven = true;
            _pausedUntil = default;
        }
    }

    /// <summary>It failed: left alone for a while, longer each time.</summary>
    public void Failed(TimeSpan now, string detail)
    {
        lock (_gate)
        {
            _failures++;
            _lastTrouble = detail;
            _deniedUntil = now + PauseFrom(FirstPause);
            _pausedUntil = now + PauseFrom(_proven ? FirstPause : strangerPause);
        }
    }

    /// <summary>It had not got what it says it has. A chunk may go while its map is on its way; again and again is a failure.</summary>
    public void Missed(TimeSpan now, string detail)
    {
        bool isTooOften;
        lock (_gate)
        {
            isTooOften = ++_misses >= MostMisses;
        }

        if (isTooOften)
        {
            Failed(now, detail);
        }
    }

    /// <summary>It asked to be left alone for a while; no failure.</summary>
    public void Busy(TimeSpan now, TimeSpan? retryAfter, string detail)
    {
        lock (_gate)
        {
            _lastTrouble = detail;
            var until = now + (retryAfter ?? FirstPause);
            _pausedUntil = until > _pausedUntil ? until : _pausedUntil;
            _deniedUntil = until > _deniedUntil ? until : _deniedUntil;
        }
    }

    /// <summary>It does not serve us for now.</summary>
    public void Choked(TimeSpan now, string detail)
    {
        lock (_gate)
        {
            _lastTrouble = detail;
            _chokedUntil = now + ChokeTime;
        }
    }

    /// <summary>It serves us again.</summary>
    public void Unchoked()
    {
        lock (_gate)
        {
            _chokedUntil = default;
        }
    }

    /// <summary>It lied: never asked again.</summary>
    public void Ban(string detail)
    {
        lock (_gate)
        {
            _banned = true;
            _lastTrouble = detail;
        }
    }

    private TimeSpan PauseFrom(TimeSpan first)
    {
        var pause = first * Math.Pow(2, Math.Min(_failures - 1, 10));
        return pause < LongestPause ? pause : LongestPause;
    }
}
