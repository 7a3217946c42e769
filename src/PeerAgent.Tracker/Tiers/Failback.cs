namespace PeerAgent.Tracker.Tiers;

/// <summary>
/// When a better tracker is tried again while a worse one serves. It must answer twice in a row; tries are at least the
/// interval apart, and further apart the longer nobody answers. Used by the session's loop only.
/// </summary>
internal sealed class Failback(TimeSpan interval)
{
    private const int LongestFactor = 8;

    private int _factor = 1;
    private Candidate? _answered;

    /// <summary>When to try next; null = there is nothing better to try.</summary>
    public TimeSpan? NextAt { get; private set; }

    /// <summary>A tracker serves; better ones are tried from now on where there are any.</summary>
    public void Watch(bool hasBetter, TimeSpan now)
    {
        _answered = null;
        NextAt = hasBetter ? NextAt is { } planned && planned > now ? planned : now + (interval * _factor) : null;
        if (!hasBetter)
        {
            _factor = 1;
        }
    }

    /// <summary>A try ended. Returns the tracker to go back to, or null.</summary>
    /// <param name="answered">The best tracker that answered, null = none.</param>
    /// <param name="now">Time of the session's clock.</param>
    public Candidate? Tried(Candidate? answered, TimeSpan now)
    {
        var isSecond = answered is not null && answered == _answered;
        _answered = isSecond ? null : answered;
        _factor = answered is null ? Math.Min(_factor * 2, LongestFactor) : 1;
        NextAt = now + (interval * _factor);
        return isSecond ? answered : null;
    }

    /// <summary>The tracker that was to be gone back to did not take us.</summary>
    public void Disappointed(TimeSpan now)
    {
        _factor = Math.Min(_factor * 2, LongestFactor);
        NextAt = now + (interval * _factor);
    }
}
