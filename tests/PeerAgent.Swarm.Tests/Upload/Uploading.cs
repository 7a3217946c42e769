using Microsoft.Extensions.DependencyInjection;
using PeerAgent.Swarm.Tests.Scene;
using PeerAgent.Swarm.Upload;

namespace PeerAgent.Swarm.Tests.Upload;

/// <summary>What tests of uploads ask of an agent.</summary>
internal static class Uploading
{
    /// <summary>Time for one piece, so that who has taken one is back in the line before the next.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1.0 / 16);

    public static UploadUse Use(this Agent agent) => agent.Services.GetRequiredService<UploadWatch>().Now;

    public static OwnPlayers Players(this Agent agent) => agent.Services.GetRequiredService<OwnPlayers>();

    /// <summary>Number of the choke round.</summary>
    public static long Round(this Agent agent) => agent.Services.GetRequiredService<ChokeBoard>().Round;

    /// <summary>Changes the limits while the agent runs.</summary>
    public static void Change(this Agent agent, Func<UploadLimits, UploadLimits> change) =>
        Assert.Empty(agent.Services.GetRequiredService<UploadSettings>().Change(change, name => name));

    /// <summary>
    /// Lets time pass, in steps in which everything that may be sent at this rate is sent; says how much went out.
    /// </summary>
    public static async Task<long> SendForAsync(this Agent agent, ManualTime time, TimeSpan span, long rate)
    {
        await agent.RestsAsync();
        var before = agent.Use().TotalBytes;
        for (var passed = Step; passed <= span; passed += Step)
        {
            time.Advance(Step);

            // All but a piece or two, which may fall to either side of a step.
            var least = before + (long)(rate * passed.TotalSeconds * 0.9) - (rate / 8);
            await Eventually.HoldsAsync(() => agent.Use().TotalBytes >= least, $"{least} bytes sent");
            await agent.RestsAsync();
        }

        return agent.Use().TotalBytes - before;
    }

    /// <summary>Returns when nothing is sent any more.</summary>
    public static async Task RestsAsync(this Agent agent)
    {
        var (quiet, last) = (0, -1L);
        await Eventually.HoldsAsync(
            () =>
            {
                var now = agent.Use().TotalBytes;
                (quiet, last) = now == last ? (quiet + 1, last) : (0, now);
                return quiet == 3;
            },
            "a rest");
    }
}
