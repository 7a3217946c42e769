namespace PeerAgent.Tracker.Sessions;

/// <summary>What a session does beside its main conversation. Used by the session's loop only.</summary>
internal sealed class Errands : IDisposable
{
    private readonly List<Task> _tasks = [];
    private readonly CancellationTokenSource _ending = new();
    private CancellationTokenSource _asking = new();

    /// <summary>True when no errand is under way.</summary>
    public bool AreDone => _tasks.TrueForAll(t => t.IsCompleted);

    /// <summary>Begins something that ends, at the latest, with <see cref="End"/>.</summary>
    public void Begin(Func<CancellationToken, Task> errand) => Keep(errand(_ending.Token));

    /// <summary>Begins a question, which ends, at the latest, with <see cref="StopAsking"/>.</summary>
    public void Ask(Func<CancellationToken, Task> question) => Keep(question(_asking.Token));

    /// <summary>Gives up all questions.</summary>
    public void StopAsking()
    {
        _asking.Cancel();
        _asking.Dispose();
        _asking = new CancellationTokenSource();
    }

    /// <summary>Gives up everything.</summary>
    public void End()
    {
        StopAsking();
        _ending.Cancel();
    }

    public void Dispose()
    {
        _asking.Dispose();
        _ending.Dispose();
    }

    private void Keep(Task task)
    {
        _tasks.RemoveAll(t => t.IsCompletedSuccessfully);
        _tasks.Add(task);
    }
}
