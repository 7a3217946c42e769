namespace PeerAgent.Tracker.Timing;

/// <summary>Waits that double from a first to a longest one, each up to a quarter shorter or longer by chance.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
internal sealed class Backoff
{
    private const double Spread = 0.25;

    private readonly TimeSpan _first;
    private readonly TimeSpan _longest;
    private readonly Chance _chance;
    private TimeSpan _next;

    public Backoff(TimeSpan first, TimeSpan longest, Chance chance)
    {
        _first = first;
        _longest = longest;
        _chance = chance;
        _next = first;
    }

    /// <summary>The wait to keep now; the one after it is twice as long.</summary>
    public TimeSpan Next()
    {
        var wait = _next;
        _next = wait * 2 < _longest ? wait * 2 : _longest;
        return _chance.Around(wait, Spread);
    }

    /// <summary>Starts again with the first wait.</summary>
    public void Reset() => _next = _first;
}
