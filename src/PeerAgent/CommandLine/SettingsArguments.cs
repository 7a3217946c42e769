namespace PeerAgent.CommandLine;

/// <summary>
/// Splits a command line into settings (<c>--PeerAgent:Proxy:Listen URL</c>, any name with a colon) and the rest, so that
/// the rest can be read strictly.
/// </summary>
internal static class SettingsArguments
{
    /// <summary>Splits; settings come out in the form that the configuration's command line source reads.</summary>
    internal static (string[] Settings, string[] Others) Split(IReadOnlyList<string> args)
    {
        var settings = new List<string>();
        var rest = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            if (!IsSetting(args[i]))
            {
                rest.Add(args[i]);
                continue;
            }

            settings.Add(args[i]);
            if (!args[i].Contains('=', StringComparison.Ordinal) && i + 1 < args.Count)
            {
                settings.Add(args[++i]);
            }
        }

        return ([.. settings], [.. rest]);
    }

    private static bool IsSetting(string arg)
    {
        var name = arg.Split('=', 2)[0];
        return name.StartsWith("--", StringComparison.Ordinal)
            && name.IndexOf(':', StringComparison.Ordinal) > 2
            && !name.Contains('/', StringComparison.Ordinal);
    }
}
