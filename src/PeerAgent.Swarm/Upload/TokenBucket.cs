namespace PeerAgent.Swarm.Upload;

/// <summary>
/// Bytes that may be sent: they come in at a rate, a quarter of a second's worth is kept, and the last piece may take more
/// than there is, which the next one waits for. Not safe for concurrent use.
/// </summary>
internal sealed class TokenBucket
{
    /// <summary>How much is kept, in time.</summary>
    public static readonly TimeSpan Depth = TimeSpan.FromMilliseconds(250);

    private double? _tokens;
    private TimeSpan _at;

    /// <summary>Lets in what came since the last time.</summary>
    public void Refill(TimeSpan now, long rate)
    {
        var most = rate * Depth.TotalSeconds;
        _tokens = Math.Min(most, (_tokens ?? most) + (rate * (now - _at).TotalSeconds));
        _at = now;
    }

    /// <summary>True when something may be sent.</summary>
    public bool HasAny => _tokens is null or > 0;

    /// <summary>True when waiting longer adds nothing.</summary>
    public bool IsFull(long rate) => _tokens is null || _tokens >= rate * Depth.TotalSeconds;

    /// <summary>Takes bytes out; there may be a debt afterwards.</summary>
    public void Take(int bytes) => _tokens -= bytes;

    /// <summary>Time until something may be sent.</summary>
    public TimeSpan UntilAny(long rate) => HasAny ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - _tokens!.Value) / rate);

    /// <summary>Forgets a debt that was made under another, higher rate: at most one second's worth at this one stays.</summary>
    public void Limit(long rate) => _tokens = _tokens is { } debt ? Math.Max(debt, -rate) : null;
}
