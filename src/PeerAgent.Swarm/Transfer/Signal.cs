namespace PeerAgent.Swarm.Transfer;

/// <summary>Wakes everyone who waits for the next change of something. Safe for concurrent use.</summary>
internal sealed class Signal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _next;

    /// <summary>Ends with the next <see cref="Pulse"/>. Take it before looking at what may change.</summary>
    public Task Next
    {
        get
        {
            lock (_gate)
            {
                return (_next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>Something changed.</summary>
    public void Pulse()
    {
        lock (_gate)
        {
            _next?.TrySetResult();
            _next = null;
        }
    }
}
