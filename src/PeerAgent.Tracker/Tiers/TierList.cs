using PeerAgent.Tracker.Client;
using PeerAgent.Tracker.Timing;
using PeerAgent.Tracker.Trackers;

namespace PeerAgent.Tracker.Tiers;

/// <summary>
/// The trackers of a session and the order to try them in: tier by tier, in random order inside a tier. A round visits each
/// once. Used by the session's loop only.
/// </summary>
internal sealed class TierList
{
    private readonly Candidate[][] _tiers;
    private readonly Chance _chance;
    private readonly Queue<Candidate> _round = new();

    public TierList(IReadOnlyList<TrackerEndpoint> trackers, TrackerClients clients, Chance chance)
    {
        _chance = chance;
        _tiers = [.. trackers
            .GroupBy(t => t.Tier)
            .OrderBy(g => g.Key)
            .Select((g, rank) => g.Select(t => new Candidate(t, rank, clients.Get(t))).ToArray())];
        All = [.. _tiers.SelectMany(t => t)];
    }

    /// <summary>Every tracker, best tier first.</summary>
    public IReadOnlyList<Candidate> All { get; }

    /// <summary>How many trackers the round has still to visit.</summary>
    public int Remaining => _round.Count;

    /// <summary>
    /// The list that decides which session a stream belongs to: doubles are dropped (the best tier counts), and the order
    /// inside a tier does not matter.
    /// </summary>
    public static IReadOnlyList<TrackerEndpoint> Normalize(IEnumerable<TrackerEndpoint> trackers) =>
        [.. trackers
            .OrderBy(t => t.Tier)
            .DistinctBy(t => t.Url)
            .OrderBy(t => t.Tier)
            .ThenBy(t => t.Url.AbsoluteUri, StringComparer.Ordinal)];

    /// <summary>Two lists with the same key are the same list: the same trackers in the same order of tiers.</summary>
    public static string Key(IReadOnlyList<TrackerEndpoint> normalized) =>
        string.Join('\n', normalized
            .GroupBy(t => t.Tier)
            .Select((g, rank) => string.Join('\n', g.Select(t => $"{rank} {t.Url.AbsoluteUri}"))));

    /// <summary>Begins a round.</summary>
    /// <param name="last">The tracker that has just failed, if one has: it comes last.</param>
    public void StartRound(Candidate? last)
    {
        _round.Clear();
        foreach (var tier in _tiers)
        {
            _chance.Shuffle<Candidate>(tier);
            foreach (var candidate in tier.Where(c => c != last))
            {
                _round.Enqueue(candidate);
            }
        }

        if (last is not null)
        {
            _round.Enqueue(last);
        }
    }

    /// <summary>The next of the round that may be asked now; null when the round is over.</summary>
    public Candidate? Take(TimeSpan now)
    {
        while (_round.TryDequeue(out var candidate))
        {
            if (candidate.HoldUntil <= now)
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>The trackers of better tiers than this one that may be asked now.</summary>
    public IReadOnlyList<Candidate> BetterThan(Candidate current, TimeSpan now) =>
        [.. All.Where(c => c.Rank < current.Rank && c.HoldUntil <= now)];
}
