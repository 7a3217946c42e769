namespace PeerAgent.Swarm.Sources;

/// <summary>Moving averages of how fast a source was. Safe for concurrent use.</summary>
internal sealed class SourceSpeed
{
    private const double Weight = 0.3;
    private const double SlowestRate = 1;

    /// <summary>Bytes a second with which somebody shows that he is there while others are served: that says nothing of what he can do.</summary>
    private const double Trickle = 4 << 10;

    /// <summary>A transfer of so many bytes, or one that took so long, counts in full.</summary>
    private const double FullBytes = 64 << 10;
    private static readonly TimeSpan FullTime = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ShortestTime = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private double _latencySeconds = double.NaN;
    private double _rate = double.NaN;
    private TimeSpan? _seen;

    /// <summary>From asking to the first byte, or null when never measured.</summary>
    public TimeSpan? Latency
    {
        get
        {
            lock (_gate)
            {
                return double.IsNaN(_latencySeconds) ? null : TimeSpan.FromSeconds(_latencySeconds);
            }
        }
    }

    /// <summary>Bytes a second from the first byte on, of all its transfers to us together; null when never measured.</summary>
    public double? BytesPerSecond
    {
        get
        {
            lock (_gate)
            {
                return double.IsNaN(_rate) ? null : _rate;
            }
        }
    }

    /// <summary>True when nothing was seen of it for a while: it may be faster or slower by now.</summary>
    public bool IsOldAt(TimeSpan now)
    {
        lock (_gate)
        {
            return !(now - _seen <= FreshFor);
        }
    }

    /// <summary>A transfer was seen, whole or in part. The shorter it was the less it says.</summary>
    /// <param name="toFirstByte">From asking to the first byte, or until it ended without one.</param>
    /// <param name="bytes">Bytes that the source sent us after that, whatever for.</param>
    /// <param name="time">The time it took for them; zero when that says nothing.</param>
    /// <param name="now">The time.</param>
    /// <param name="hadTime">The source may have let it wait for others that were in a hurry: it is at least that fast.</param>
    public void Observe(TimeSpan toFirstByte, long bytes, TimeSpan time, TimeSpan now, bool hadTime = false)
    {
        lock (_gate)
        {
            _seen = now;
            _latencySeconds = hadTime && toFirstByte.TotalSeconds > _latencySeconds ? _latencySeconds : Mix(_latencySeconds, toFirstByte.TotalSeconds, Weight);
            var seconds = (time > ShortestTime ? time : ShortestTime).TotalSeconds;
            var rate = Math.Max(SlowestRate, bytes / seconds);
            if (time > TimeSpan.Zero && (!hadTime || rate >= (double.IsNaN(_rate) ? Trickle : _rate)))
            {
                var worth = Math.Clamp(Math.Max(bytes / FullBytes, time / FullTime), 0, 1);
                _rate = Mix(_rate, rate, Weight * worth);
            }
        }
    }

    private static double Mix(double old, double fresh, double weight) =>
        double.IsNaN(old) ? fresh : (old * (1 - weight)) + (fresh * weight);
}
