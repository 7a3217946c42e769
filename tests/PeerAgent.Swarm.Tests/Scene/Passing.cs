
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
            await RestAsync();
        }
    }

    /// <summary>Real milliseconds in which requests on loopback come and go.</summary>
    private static async Task RestAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        await timer.WaitForNextTickAsync();
    }
}
