using PeerAgent.Swarm.Assembly;
using PeerAgent.Swarm.Sources;

namespace PeerAgent.Swarm.Fetching;

/// <summary>Whom the parts of a chunk in doubt are asked of: each of somebody who did not give it before. Used by one fetch alone.</summary>
internal sealed class CrossPlan(FetchPlan plan, ChunkAssembly assembly, AssemblyJudge judge)
{
    private readonly Dictionary<Part, Source> _meant = [];

    /// <summary>Lays what is in doubt out among those who can be asked now. False when there is no memory for a second copy.</summary>
    /// <param name="now">The time.</param>
    /// <param name="mostSources">Among so many at most.</param>
    public bool TryLayOut(TimeSpan now, int mostSources)
    {
        var sources = new List<Source>();
        while (sources.Count < mostSources && plan.NextHelper(now, sources, mayAskOrigin: false) is { } next)
        {
            sources.Add(next);
        }

        var pieces = ShareRule.Across(judge.InDoubt ?? [], sources);
        if (!assembly.TryLayOut(pieces.Select(p => (p.From, p.To)), judge.DoubtedLength))
        {
            return false;
        }

        _meant.Clear();
        foreach (var (part, (_, _, source)) in assembly.Missing.Zip(pieces.OrderBy(p => p.From)).Where(p => p.Second.Source is not null))
        {
            _meant.Add(part, source!);
        }

        return true;
    }

    /// <summary>
    /// Who is to give which part, and why: who is meant to, or, when that one cannot be asked any more, whoever else did not give
    /// it before. The longest first, for there may be more parts than are asked for at a time.
    /// </summary>
    /// <param name="parts">Parts that nobody is asked for.</param>
    /// <param name="now">The time.</param>
    public IEnumerable<(Part Part, Source Source, string Why)> Choose(IEnumerable<Part> parts, TimeSpan now)
    {
        foreach (var part in parts.OrderByDescending(p => p.End - p.From))
        {
            var givers = judge.NotFor(part);
            var source = _meant.Remove(part, out var meant) && plan.CanAsk(meant, now) ? meant
                : plan.NextHelper(now, givers, plan.MayHelpOut(null, now));
            if (source is not null)
            {
                yield return (part, source, $"what {string.Join(", ", givers.Select(g => g.Name))} gave may be wrong");
            }
        }
    }
}
