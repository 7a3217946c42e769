using System.CommandLine;
using PeerAgent.Hosting;

namespace PeerAgent.CommandLine;

/// <summary>The command line of <c>peer-agent</c>.</summary>
public static class AgentCommands
{
    private const int Failure = 1;
    private const int WrongUsage = 2;

    /// <summary>Runs what the arguments say.</summary>
    /// <returns>0 when it went well, 1 for a failure, 2 for wrong usage; the last two with one line on standard error.</returns>
    public static async Task<int> InvokeAsync(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var (settings, rest) = SettingsArguments.Split(args);
        var parsed = Build(settings).Parse(rest);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"{parsed.Errors[0].Message} See peer-agent --help.");
            return WrongUsage;
        }

        try
        {
            // The hosts handle signals themselves.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Cancelled.");
            return Failure;
        }
        catch (Exception e) when (StartupFailure.Explain(e) is not null)
        {
            await Console.Error.WriteLineAsync(StartupFailure.Explain(e));
            return Failure;
        }
    }

    private static RootCommand Build(string[] settings)
    {
        var root = new RootCommand(
            "Plays P2P streams: a proxy between a media player and the swarm. Any setting of appsettings.json can be given " +
            "as --PeerAgent:SECTION:NAME VALUE or in the environment as PeerAgent__SECTION__NAME.");
        root.SetAction((_, cancellationToken) => RunCommand.RunAsync(settings, cancellationToken));
        root.Subcommands.Add(RunCommand.Create(settings));
        root.Subcommands.Add(DemoCommand.Create(settings));
        root.Subcommands.Add(PublishCommand.Create(settings));
        root.Subcommands.Add(StatusCommand.Create(settings));
        root.Subcommands.Add(StoreCommand.Create(settings));
        root.Subcommands.Add(UploadCommand.Create(settings));
        return root;
    }
}
