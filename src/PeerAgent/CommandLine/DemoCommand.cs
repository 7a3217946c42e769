using System.CommandLine;
using PeerAgent.Demo;

namespace PeerAgent.CommandLine;

/// <summary><c>peer-agent demo</c>: a whole system in one process on loopback.</summary>
internal static class DemoCommand
{
    internal static Command Create(string[] settings)
    {
        var check = new Option<bool>("--check")
        {
            Description = "No person needed: play the whole sample through the proxy, compare every byte, print the tracker conversation and a summary.",
        };
        var command = new Command("demo", "Tracker, two seeders and an agent in one process on loopback, with the bundled sample film.") { check };
        command.SetAction((parsed, cancellationToken) => RunAsync(settings, parsed.GetValue(check), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] settings, bool check, CancellationToken cancellationToken)
    {
        await using var demo = await DemoSystem.StartAsync(settings, cancellationToken);
        return check
            ? await DemoCheck.RunAsync(demo, Console.Out, cancellationToken)
            : await DemoShow.RunAsync(demo, Console.Out, cancellationToken);
    }
}
