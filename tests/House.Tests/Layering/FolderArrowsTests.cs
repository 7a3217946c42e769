using System.Text.RegularExpressions;

namespace House.Tests.Layering;

/// <summary>Inside a project no two folders use each other, directly or round a corner; read from namespaces and usings.</summary>
public sealed partial class FolderArrowsTests
{
    public static TheoryData<string> Projects() =>
        [.. Directory.EnumerateDirectories(Repository.Source).Select(d => Path.GetFileName(d)!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_have_no_circle(string project)
    {
        var arrows = Arrows(project);
        foreach (var start in arrows.Keys)
        {
            var circle = FindCircle(arrows, start, [start]);
            Assert.True(circle is null, circle is null ? "" : $"{project}: {string.Join(" -> ", circle)}");
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_is_named_after_a_kind_of_code(string project)
    {
        string[] kinds = ["Utils", "Util", "Helpers", "Common", "Managers", "Interfaces", "Models", "Enums", "Services", "Extensions"];
        var folders = Directory.EnumerateDirectories(Path.Combine(Repository.Source, project), "*", SearchOption.AllDirectories)
            .Select(d => Path.GetFileName(d)!);
        Assert.Empty(folders.Intersect(kinds));
    }

    [Fact]
    public void The_search_for_circles_finds_one()
    {
        var arrows = new Dictionary<string, HashSet<string>> { ["a"] = ["b"], ["b"] = ["c"], ["c"] = ["a"], ["d"] = ["a"] };
        Assert.Equal(["a", "b", "c", "a"], FindCircle(arrows, "a", ["a"]));
        Assert.Null(FindCircle(new Dictionary<string, HashSet<string>> { ["a"] = ["b"], ["b"] = [] }, "a", ["a"]));
    }

    private static Dictionary<string, HashSet<string>> Arrows(string project)
    {
        var root = Path.Combine(Repository.Source, project);
        var arrows = new Dictionary<string, HashSet<string>>();
        foreach (var file in Repository.SourceFiles(root))
        {
            var relative = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar);
            if (relative.Length < 2)
            {
                continue;
            }

            var uses = arrows.TryGetValue(relative[0], out var known) ? known : arrows[relative[0]] = [];
            foreach (var line in File.ReadLines(file))
            {
                if (UsingLine().Match(line) is { Success: true } match
                    && match.Groups["name"].Value.StartsWith(project + ".", StringComparison.Ordinal))
                {
                    uses.Add(match.Groups["name"].Value[(project.Length + 1)..].Split('.')[0]);
                }
            }

            uses.Remove(relative[0]);
        }

        return arrows;
    }

    private static List<string>? FindCircle(Dictionary<string, HashSet<string>> arrows, string at, List<string> way)
    {
        foreach (var next in arrows.TryGetValue(at, out var uses) ? uses : [])
        {
            if (next == way[0])
            {
                return [.. way, next];
            }

            if (!way.Contains(next) && FindCircle(arrows, next, [.. way, next]) is { } circle)
            {
                return circle;
            }
        }

        return null;
    }

    [GeneratedRegex(@"^using (static )?(?<name>[A-Za-z0-9_.]+)( *=.*)?;")]
    private static partial Regex UsingLine();
}
