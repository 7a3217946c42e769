using System.CommandLine;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using ReferenceTracker.Settings;

namespace ReferenceTracker.Hosting;

/// <summary>The command line of the program: exit code 0 after a stop, 1 when it cannot start, 2 for wrong usage.</summary>
internal static class TrackerCommand
{
    internal const int Failure = 1;
    internal const int WrongUsage = 2;

    /// <summary>What settings may begin with; anything else is a slip of the pen.</summary>
    private static readonly string[] Sections = [TrackerOptions.Section, "Logging", "ConnectionStrings"];

    private const string Help = """
        Reference tracker for the PPSP tracker protocol over HTTP. Runs until SIGTERM or Ctrl+C.

        Settings are given as --ReferenceTracker:KEY=VALUE or --ReferenceTracker:KEY VALUE, in the environment as
        ReferenceTracker__KEY, or in appsettings.json beside the program; the command line wins. The usual ones:
          ReferenceTracker:Listen              where to listen (http://0.0.0.0:7690)
          ReferenceTracker:Authentication:Mode Open
          ReferenceTracker:Peers:Timeout       silent for so long = gone (00:01:30)
          ReferenceTracker:Peers:ListSize      longest peer list (30)
          ReferenceTracker:Swarms:AutoCreate   JOIN makes a swarm that is not known (true)
        """;

    /// <summary>Runs the program.</summary>
    internal static async Task<int> RunAsync(string[] args)
    {
        if (!TrySplit(args, out var settings, out var rest, out var error))
        {
            return Report(error, WrongUsage);
        }

        var command = new RootCommand(Help) { TreatUnmatchedTokensAsErrors = true };
        command.SetAction((_, cancel) => ServeAsync(settings, cancel));
        var parsed = command.Parse(rest);
        return parsed.Errors.Count > 0
            ? Report($"'{string.Join(' ', rest)}' is not understood; see --help.", WrongUsage)
            : await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static async Task<int> ServeAsync(string[] settings, CancellationToken cancel)
    {
        var listen = new TrackerOptions().Listen;
        try
        {
            await using var app = TrackerHost.Create(settings, null);
            listen = app.Services.GetRequiredService<IOptions<TrackerOptions>>().Value.Listen;
            await app.StartAsync(cancel);
            await app.WaitForShutdownAsync(cancel);
            return 0;
        }
        catch (OptionsValidationException e)
        {
            return Report(string.Join(' ', e.Failures), Failure);
        }
        catch (IOException e)
        {
            return Report(CannotListen(listen, e.InnerException is null ? e.Message : "it is in use by another program"), Failure);
        }
        catch (SocketException e)
        {
            return Report(CannotListen(listen, e.Message), Failure);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            return Report($"The settings cannot be read: {OneLine(e.GetBaseException().Message)} Correct appsettings.json.", Failure);
        }
    }

    private static string CannotListen(string listen, string reason) =>
        $"{TrackerOptions.Section}:{nameof(TrackerOptions.Listen)}: cannot listen on {listen}: "
        + $"{OneLine(reason).TrimEnd('.')}; free it or set another address.";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static int Report(string error, int exitCode)
    {
        Console.Error.WriteLine($"reference-tracker: {OneLine(error)}");
        return exitCode;
    }

    /// <summary>Takes the settings, whose keys have a colon, out of the arguments.</summary>
    private static bool TrySplit(string[] args, out string[] settings, out string[] rest, out string error)
    {
        var found = new List<string>();
        var others = new List<string>();
        error = "";
        for (var i = 0; i < args.Length; i++)
        {
            var key = args[i].Split('=', 2)[0];
            if (!key.StartsWith("--", StringComparison.Ordinal) || !key.Contains(':', StringComparison.Ordinal))
            {
                others.Add(args[i]);
                continue;
            }

            var section = key[2..key.IndexOf(':', StringComparison.Ordinal)];
            if (!Sections.Contains(section, StringComparer.OrdinalIgnoreCase))
            {
                error = $"{key} is not a setting; settings begin with --{TrackerOptions.Section}: (see --help).";
            }
            else if (key.Length == args[i].Length && i + 1 == args.Length)
            {
                error = $"{key} has no value; write {key}=VALUE.";
            }

            found.Add(args[i].Contains('=', StringComparison.Ordinal) || i + 1 == args.Length ? args[i] : $"{args[i]}={args[++i]}");
        }

        settings = [.. found];
        rest = [.. others];
        return error.Length == 0;
    }
}
