namespace Storm.Tests.Running;

/// <summary>Whether the thread pool has anything to do.</summary>
internal static class PoolWork
{
    // A test host may keep a pool thread for itself; the fewest ever seen at work are not ours.
    private static int _always = int.MaxValue;

    /// <summary>True when nothing is queued and nobody works.</summary>
    public static bool IsNone
    {
        get
        {
            if (ThreadPool.PendingWorkItemCount > 0)
            {
                return false;
            }

            ThreadPool.GetMaxThreads(out var most, out _);
            ThreadPool.GetAvailableThreads(out var idle, out _);
            var busy = most - idle;
            if (busy < Volatile.Read(ref _always))
            {
                Volatile.Write(ref _always, busy);
            }

            return busy <= Volatile.Read(ref _always) && ThreadPool.PendingWorkItemCount == 0;
        }
    }

    /// <summary>Learns how many threads of the pool are always at work.</summary>
    public static async Task LearnAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        for (var i = 0; i < 50; i++)
        {
            await timer.WaitForNextTickAsync();
            await Task.Factory.StartNew(() => IsNone, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }
}
