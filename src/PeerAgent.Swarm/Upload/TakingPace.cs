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

    private readonly Clock _clock;
    private readonly ITimer _timer;
    private TimeSpan _left = Longest;
    private TimeSpan _started;
    private volatile bool _isOver;

    /// <summary>Begins.</summary>
    /// <param name="clock">The time.</param>
    /// <param name="end">Called when our patience is over, on any thread: breaks the connection.</param>
    public TakingPace(Clock clock, Action end)
    {
        _clock = clock;
        _timer = clock.Provider.CreateTimer(
            _ =>
            {
                _isOver = true;
                end();
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>True when it took too long.</summary>
    public bool IsOver => _isOver;

    /// <summary>A piece sets out.</summary>
    public void Started()
    {
        _started = _clock.Now;
        _timer.Change(_left, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The piece was taken.</summary>
    public void Taken(int bytes)
    {
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var left = _left - (_clock.Now - _started) + TimeSpan.FromSeconds(bytes / LeastRate);
        _left = left > Longest ? Longest : left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();
}
