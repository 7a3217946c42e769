
namespace PeerAgent.Swarm.Tests.Scene;

/// <summary>Lets manual time pass in steps, with real work done in between.</summary>
internal static class Passing
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    /// <summary>Moves the clock in steps of half a second; between two of them the program under test gets to run.</summary>
    public static async Task PassAsync(this ManualTime time, TimeSpan by)
    {
        for (var passed = TimeSpan.Zero; passed < by; passed += Step)
        {
            time.Advance(Step);
            await TimeProvider.System.RestAsync(TimeSpan.FromMilliseconds(5));
        }
    }

    /// <summary>Real time in which requests on loopback come and go; to see that something does not happen.</summary>
    public static async Task RestAsync(this TimeProvider time, TimeSpan span)
    {
        using var timer = new PeriodicTimer(span, time);
        await timer.WaitForNextTickAsync();
    }
}
