namespace PeerAgent.Swarm.Sources;

/// <summary>Moving averages of how fast a source was. Safe for concurrent use.</summary>
internal sealed class SourceSpeed
{
    private const double Weight = 0.3;
    private const double SlowestRate = 1;
    private static readonly TimeSpan ShortestTime = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private double _latencySeconds = double.NaN;
    private double _rate = double.NaN;

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

    /// <summary>Bytes a second from the first byte on, or null when never measured.</summary>
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

    /// <summary>A transfer was made, whole or in part.</summary>
    /// <param name="bytes">Bytes that came.</param>
    /// <param name="toFirstByte">From asking to the first byte, or until now when none came.</param>
    /// <param name="total">From asking to the last byte, or until now.</param>
    public void Observe(long bytes, TimeSpan toFirstByte, TimeSpan total)
    {
        // Time without a byte is slowness too: for a transfer that brought nothing the whole time counts against the rate.
        var sending = bytes == 0 ? total : total - toFirstByte;
        var seconds = (sending > ShortestTime ? sending : ShortestTime).TotalSeconds;
        lock (_gate)
        {
            _latencySeconds = Mix(_latencySeconds, toFirstByte.TotalSeconds);
            _rate = Mix(_rate, Math.Max(SlowestRate, bytes / seconds));
        }
    }

    private static double Mix(double old, double fresh) => double.IsNaN(old) ? fresh : (old * (1 - Weight)) + (fresh * Weight);
}
