namespace PeerAgent.Swarm.Transfer;

/// <summary>
/// An idle and a total time-out in one token. <see cref="Progress"/> pushes the idle one on; the total one stands. Also
/// cancelled by the caller's token; <see cref="Ran"/> tells the two apart.
/// </summary>
internal sealed class Patience : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly ITimer _idle;
    private readonly ITimer _total;
    private readonly CancellationToken _caller;

    public Patience(TimeProvider time, TimeSpan idle, TimeSpan total, CancellationToken caller)
    {
        _caller = caller;
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _idle = time.CreateTimer(End, this, idle, Timeout.InfiniteTimeSpan);
        _total = time.CreateTimer(End, this, total, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends when patience has run out or the caller has gone.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>True when it was patience that ran out, not the caller who went.</summary>
    public bool Ran => _source.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>Something happened: the idle time-out starts anew, now with this length.</summary>
    public void Progress(TimeSpan idle) => _idle.Change(idle, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose()
    {
        _idle.Dispose();
        _total.Dispose();
        _source.Dispose();
    }

    private static void End(object? state)
    {
        try
        {
            ((Patience)state!)._source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The timer fired while the transfer was ending: nobody waits any more.
        }
    }
}
