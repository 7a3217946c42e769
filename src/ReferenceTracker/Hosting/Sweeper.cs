using ReferenceTracker.Registry;

namespace ReferenceTracker.Hosting;

/// <summary>Clears away, once a second, what is over: the answers are right without it, the memory is not.</summary>
internal sealed class Sweeper(SwarmRegistry registry, TimeProvider time, ILogger<Sweeper> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                registry.Sweep();
            }
            catch (InvalidOperationException e)
            {
                // A bug here must not end the tracker.
                log.SweepFailed(e);
            }
        }
    }
}
