namespace PeerAgent.Swarm.Transfer;

/// <summary>Time that only runs forward, from a start nobody needs to know.</summary>
internal sealed class Clock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>The provider behind it, for timers and delays.</summary>
    public TimeProvider Provider => time;

    /// <summary>Time since the start.</summary>
    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Returns when the event happens or the time is up, whichever is first.</summary>
    public async Task WaitAsync(Task happens, TimeSpan most, CancellationToken cancellationToken)
    {
        // A delay drops what is less than a millisecond: whoever waits for the rest of one would go round in circles.
        var whole = TimeSpan.FromMilliseconds(Math.Ceiling(most.TotalMilliseconds));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(happens, Task.Delay(whole, time, end.Token));

        // Nothing but the delay hangs on it; going by way of the thread pool would cost more than the wait.
        end.Cancel();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
