using System.CommandLine;
using PeerAgent.Hosting;

namespace PeerAgent.CommandLine;

/// <summary><c>peer-agent run</c>: the agent, until SIGTERM or Ctrl+C.</summary>
internal static class RunCommand
{
    internal static Command Create(string[] settings)
    {
        var command = new Command("run", "Run the agent until SIGTERM or Ctrl+C (also without any command).");
        command.SetAction((_, cancellationToken) => RunAsync(settings, cancellationToken));
        return command;
    }

    internal static async Task<int> RunAsync(string[] settings, CancellationToken cancellationToken)
    {
        await using var app = AgentHost.Build(settings, customise: null);
        await app.RunAsync(cancellationToken);
        return 0;
    }
}
