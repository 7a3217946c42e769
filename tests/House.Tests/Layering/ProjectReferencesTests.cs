using System.Xml.Linq;

namespace House.Tests.Layering;

/// <summary>The arrows between the projects, as docs/architecture.md draws them.</summary>
public sealed class ProjectReferencesTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Ppsp.Protocol"] = [],
        ["PeerAgent.Media"] = ["Ppsp.Protocol"],
        ["PeerAgent.Tracker"] = ["Ppsp.Protocol"],
        ["PeerAgent.Swarm"] = ["PeerAgent.Media", "Ppsp.Protocol"],
        ["ReferenceTracker"] = ["Ppsp.Protocol"],
        ["PeerAgent"] = ["PeerAgent.Media", "PeerAgent.Swarm", "PeerAgent.Tracker", "Ppsp.Protocol", "ReferenceTracker"],
    };

    [Fact]
    public void Every_project_references_only_what_its_room_may_see()
    {
        var projects = Directory.EnumerateFiles(Repository.Source, "*.csproj", SearchOption.AllDirectories).ToList();
        Assert.Equal(Allowed.Keys.Order(), projects.Select(p => Path.GetFileNameWithoutExtension(p)!).Order());
        foreach (var project in projects)
        {
            var references = XDocument.Load(project).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
            Assert.Subset(Allowed[Path.GetFileNameWithoutExtension(project)].ToHashSet(), references.ToHashSet());
        }
    }

    [Fact]
    public void Only_the_demo_of_the_agent_uses_the_tracker_program()
    {
        var agent = Path.Combine(Repository.Source, "PeerAgent");
        var users = Repository.SourceFiles(agent)
            .Where(f => File.ReadLines(f).Any(l => l.StartsWith("using ReferenceTracker", StringComparison.Ordinal)))
            .Select(f => Path.GetRelativePath(agent, f).Split(Path.DirectorySeparatorChar)[0])
            .Distinct();
        Assert.Equal(["Demo"], users);
    }

    [Fact]
    public void Nothing_but_the_codecs_knows_an_element_name_of_the_protocols()
    {
        string[] words = ["PPSPTrackerProtocol", "PPSPPeerProtocol", "StramStatsReport", "ChunkMapReport\"", "PeerInfoList"];
        var protocol = Path.Combine(Repository.Source, "Ppsp.Protocol");
        var offenders = Repository.SourceFiles(Repository.Source)
            .Where(f => !f.StartsWith(protocol, StringComparison.Ordinal))
            .Where(f => File.ReadLines(f).Any(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal) && words.Any(w => l.Contains($"\"{w}", StringComparison.Ordinal))));
        Assert.Empty(offenders);
    }
}
