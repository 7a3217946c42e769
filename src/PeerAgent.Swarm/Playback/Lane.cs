namespace PeerAgent.Swarm.Playback;

/// <summary>How far one player is in one component (its video, its sound) of one clip. Not safe by itself.</summary>
internal sealed class Lane
{
    /// <summary>Requests of one play lie this many chunks apart at most; what lies further away is a seek.</summary>
    public const int Near = 8;

    private const int Lag = 2;

    private readonly Dictionary<int, long> _lastByLevel = [];
    private (long Index, TimeSpan At) _anchor;

    /// <summary>The furthest chunk asked for since the last seek.</summary>
    public long Index { get; private set; } = long.MinValue;

    /// <summary>When it was asked for.</summary>
    public TimeSpan At { get; private set; }

    /// <summary>Steps forward since the last seek; 0 may still be a look at the stream rather than a play.</summary>
    public int Steps { get; private set; }

    /// <summary>The levels that are played: those asked for lately.</summary>
    public IEnumerable<int> Levels => _lastByLevel.Where(l => l.Value >= Index - Lag).Select(l => l.Key);

    /// <summary>
    /// When a chunk of this lane is played, as far as one can tell: the first one after a start or a seek plays as soon as the
    /// player asks for the next, the others follow at their pace. A player that asks for a chunk after its time has stalled or
    /// paused, and begins to play with that chunk.
    /// </summary>
    public TimeSpan DueOf(long index, TimeSpan duration) => _anchor.At + (duration * (index - _anchor.Index));

    /// <summary>A chunk is asked for. True when that changes what comes next.</summary>
    public bool Asked(int level, long index, TimeSpan duration, TimeSpan now)
    {
        var isSeek = Index == long.MinValue || Math.Abs(index - Index) > Near;
        var isNew = isSeek || index > Index || !_lastByLevel.TryGetValue(level, out var last) || last < Index - Lag;
        if (isSeek)
        {
            _lastByLevel.Clear();
            (Index, At, Steps) = (index, now, 0);
            _anchor = (index, now);
        }
        else if (index > Index)
        {
            _anchor = Steps == 0 ? (Index, now) : DueOf(index, duration) < now ? (index, now) : _anchor;
            (Index, At, Steps) = (index, now, Steps + 1);
        }

        _lastByLevel[level] = index;
        return isNew;
    }
}
