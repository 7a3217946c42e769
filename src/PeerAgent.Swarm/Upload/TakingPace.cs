using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Upload;

/// <summary>
/// Our patience with a peer that takes a chunk slowly: used up while a piece is on its way to it, won back with each byte
/// it takes. Time in which we hold back ourselves does not count. Used by one upload.
/// </summary>
internal sealed class TakingPace : IDisposable
{
    /// <summary>Longest time without enough bytes.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>Who takes less than this, bytes a second, runs out of our patience.</summary>
    private const double LeastRate = 4 * 1024;

    private readonly Lock _gate = new();
    private readonly Clock _clock;
    private readonly Action _end;
    private readonly ITimer _timer;
    private TimeSpan _left = Longest;
    private bool _isUnderWay;
    private volatile bool _isOver;

    /// <summary>Begins.</summary>
    /// <param name="clock">The time.</param>
    /// <param name="end">Called when our patience is over, on any thread, never after the upload has ended: breaks the connection.</param>
    public TakingPace(Clock clock, Action end)
    {
        _clock = clock;
        _end = end;
        _timer = clock.Provider.CreateTimer(_ => TimeIsUp(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True when it took too long.</summary>
    public bool IsOver => _isOver;

    /// <summary>Waits until a piece is taken.</summary>
    public async ValueTask WatchAsync(ValueTask writing, int bytes)
    {
        if (writing.IsCompleted)
        {
            await writing;
            Regain(bytes);
            return;
        }

        var started = _clock.Now;
        SetUnderWay(true);
        _timer.Change(_left, Timeout.InfiniteTimeSpan);
        try
        {
            await writing;
        }
        finally
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            SetUnderWay(false);
        }

        _left -= _clock.Now - started;
        Regain(bytes);
    }

    private void Regain(int bytes)
    {
        var left = _left + TimeSpan.FromSeconds(bytes / LeastRate);
        _left = left > Longest ? Longest : left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }

    private void SetUnderWay(bool isUnderWay)
    {
        lock (_gate)
        {
            _isUnderWay = isUnderWay;
        }
    }

    private void TimeIsUp()
    {
        lock (_gate)
        {
            // A timer that was late must not break what comes after.
            if (_isUnderWay)
            {
                _isOver = true;
                _end();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();
}
