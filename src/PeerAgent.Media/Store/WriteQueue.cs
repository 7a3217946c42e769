namespace PeerAgent.Media.Store;

/// <summary>The writes that go on behind the store's callers: a few at a time, all of them ended when it is disposed.</summary>
internal sealed class WriteQueue : IAsyncDisposable
{
    /// <summary>Most writes at a time.</summary>
    internal const int AtOnce = 4;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turns = new(AtOnce);
    private readonly HashSet<Task> _underWay = [];
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;
    private bool _isClosed;

    /// <summary>Writes that go on or wait for their turn.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _open;
            }
        }
    }

    /// <summary>Has a write done soon, on another thread; null when the queue is closed.</summary>
    internal Task<PutOutcome>? Start(Func<Task<PutOutcome>> write)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return null;
            }

            _open++;
            _underWay.RemoveWhere(static t => t.IsCompleted);
            var task = Task.Run(() => RunAsync(write));
            _underWay.Add(task);
            return task;
        }
    }

    /// <summary>Done when all writes that were begun before this call are.</summary>
    internal Task WhenBegunAreDone()
    {
        lock (_gate)
        {
            return _underWay.Count == 0 ? Task.CompletedTask : Task.WhenAll(_underWay);
        }
    }

    /// <summary>Takes no more and waits for what was begun.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            EndIfIdle();
        }

        await _idle.Task;
        _turns.Dispose();
    }

    private async Task<PutOutcome> RunAsync(Func<Task<PutOutcome>> write)
    {
        try
        {
            await _turns.WaitAsync();
            try
            {
                return await write();
            }
            finally
            {
                _turns.Release();
            }
        }
        finally
        {
            lock (_gate)
            {
                _open--;
                EndIfIdle();
            }
        }
    }

    private void EndIfIdle()
    {
        if (_isClosed && _open == 0)
        {
            _idle.TrySetResult();
        }
    }
}
