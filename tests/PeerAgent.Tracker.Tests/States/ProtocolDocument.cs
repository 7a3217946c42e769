namespace PeerAgent.Tracker.Tests.States;

/// <summary>The tables of docs/protocol.md.</summary>
internal static class ProtocolDocument
{
    /// <summary>The tables below a heading, each as rows of cells, its headline first.</summary>
    public static IReadOnlyList<IReadOnlyList<string[]>> Tables(string heading)
    {
        var tables = new List<IReadOnlyList<string[]>>();
        var table = new List<string[]>();
        var lines = File.ReadLines(Path.Combine(Root(), "docs", "protocol.md"))
            .SkipWhile(l => l != heading).Skip(1)
            .TakeWhile(l => !l.StartsWith("## ", StringComparison.Ordinal) && !l.StartsWith("### ", StringComparison.Ordinal));
        foreach (var line in lines.Append(""))
        {
            if (line.StartsWith('|'))
            {
                table.Add(line.Trim('|').Split('|', StringSplitOptions.TrimEntries));
            }
            else if (table.Count > 0)
            {
                table.RemoveAt(1);
                tables.Add(table);
                table = [];
            }
        }

        return tables;
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
}
