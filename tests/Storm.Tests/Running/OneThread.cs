using System.Collections.Concurrent;

namespace Storm.Tests.Running;

/// <summary>
/// The one thread on which a run happens: whatever goes on after an await is queued here and runs one after the other, and
/// only while the thread pool (real files, cancellations) has nothing to do. So the same seed mostly gives the same run;
/// the HTTP client, which has threads of its own, may change the order of things.
/// </summary>
internal sealed class OneThread : SynchronizationContext
{
    private const int MostSteps = 100_000;
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();

    // What other threads post waits until they rest: which of them is first to post beside this thread is luck.
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _fromPool = new();
    private readonly int _own = Environment.CurrentManagedThreadId;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId == _own)
        {
            _posted.Enqueue((d, state));
        }
        else
        {
            _fromPool.Enqueue((d, state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nobody waits for another thread here.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs a body on a thread of its own, on which <see cref="Rest"/> then runs what the body has begun.</summary>
    public static Task RunAsync(string name, Action<OneThread> body)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            var one = new OneThread();
            SetSynchronizationContext(one);
            try
            {
                body(one);
                end.SetResult();
            }
            catch (Exception e)
            {
                end.SetException(e);
            }
        })
        {
            Name = name,
            IsBackground = true,
        };
        thread.Start();
        return end.Task;
    }

    /// <summary>Runs all that can run without the clock moving.</summary>
    /// <exception cref="TimeoutException">It goes round in circles, or something holds the thread pool.</exception>
    public void Rest()
    {
        for (var steps = 0; ; steps++)
        {
            WaitForPool();
            while (_fromPool.TryDequeue(out var posted))
            {
                _posted.Enqueue(posted);
            }

            if (!_posted.TryDequeue(out var next))
            {
                return;
            }

            next.Callback(next.State);
            if (steps > MostSteps)
            {
                throw new TimeoutException(
                    $"After {MostSteps} steps without the clock moving there is still something to do: {Names(next)}, {string.Join(", ", _posted.Take(5).Select(Names))}.");
            }
        }
    }

    /// <summary>Waits for a task that needs no clock.</summary>
    public void Finish(Task task, string what)
    {
        Rest();
        if (!task.IsCompleted)
        {
            throw new TimeoutException($"Did not end although nothing is left to run: {what}");
        }

        task.GetAwaiter().GetResult();
    }

    /// <summary>
    /// Runs what comes until something holds, for a few seconds of real time at most: what is left of an answer that nobody
    /// wants any more is read for a moment, on a clock of its own.
    /// </summary>
    public void FinishInTime(Func<bool> holds)
    {
        var started = TimeProvider.System.GetTimestamp();
        var spin = default(SpinWait);
        while (!holds() && TimeProvider.System.GetElapsedTime(started) < LongestEnd)
        {
            spin.SpinOnce();
            Rest();
        }
    }

    private static string Names((SendOrPostCallback Callback, object? State) posted) =>
        $"{(posted.State as Delegate)?.Target ?? posted.State}";

    private static void WaitForPool()
    {
        if (PoolWork.IsNone)
        {
            return;
        }

        var spin = default(SpinWait);
        var started = TimeProvider.System.GetTimestamp();
        while (!PoolWork.IsNone)
        {
            spin.SpinOnce(sleep1Threshold: -1);
            if (spin.Count % 1024 == 0 && TimeProvider.System.GetElapsedTime(started) > LongestRest)
            {
                throw new TimeoutException($"The thread pool was busy for {LongestRest.TotalSeconds:0} s.");
            }
        }
    }
}
