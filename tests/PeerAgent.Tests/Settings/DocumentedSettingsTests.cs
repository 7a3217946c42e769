using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PeerAgent.Hosting;

namespace PeerAgent.Tests.Settings;

/// <summary>The table of settings in docs/operations.md.</summary>
public sealed partial class DocumentedSettingsTests
{
    public static TheoryData<string> Keys => [.. Documented()];

    [Fact]
    public void Every_section_of_the_agent_is_documented() =>
        Assert.Superset(
            new HashSet<string> { "Fetch", "Identity", "Origin", "Peer", "Playback", "Players", "Proxy", "Store", "Streams", "Tracker", "Upload" },
            Documented().Select(k => k.Split(':')[0]).ToHashSet());

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_documented_setting_is_known(string key)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { [$"PeerAgent:{key}"] = "1" })
            .Build();

        // A key that no class has is an error.
        AgentSettings.Add(new ServiceCollection(), configuration);
    }

    /// <summary>The keys of the first column; <c>`A:B`, `:C`</c> stands for A:B and A:C.</summary>
    private static List<string> Documented()
    {
        List<string> keys = [];
        var rows = File.ReadLines(Path.Combine(Root(), "docs", "operations.md"))
            .SkipWhile(l => !l.StartsWith("| key under `PeerAgent:`", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(l => l.StartsWith('|'));
        foreach (var row in rows)
        {
            var section = "";
            foreach (Match key in Key().Matches(row.Split('|')[1]))
            {
                section = key.Groups["section"].Value is { Length: > 0 } named ? named : section;
                keys.Add($"{section}:{key.Groups["name"].Value}");
            }
        }

        return [.. keys.Where(k => !k.EndsWith('…')), .. keys.Where(k => k.EndsWith('…')).Select(k => k.Replace("…", "Deadline", StringComparison.Ordinal))];
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ppsp.Peer.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run below the project's folder.");
    }

    [GeneratedRegex("`(?<section>[A-Za-z]*):(?<name>[^`]+)`")]
    private static partial Regex Key();
}
