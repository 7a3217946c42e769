using PeerAgent.Tracker.Tiers;
using PeerAgent.Tracker.Trackers;

namespace PeerAgent.Tracker.Sessions;

/// <summary>What people may know of a session's trackers, from its state.</summary>
internal static class StatusBoard
{
    /// <summary>A snapshot.</summary>
    /// <param name="state">The session.</param>
    /// <param name="now">Time of the session's clock.</param>
    /// <param name="utc">The same moment on the wall clock.</param>
    public static IReadOnlyList<TrackerStatus> Show(SessionState state, TimeSpan now, DateTimeOffset utc) =>
        [.. state.Tiers.All.Select(c => new TrackerStatus(
            c.Endpoint.Name,
            c.Endpoint.Tier,
            c.State,
            c.LastAnswer,
            c.LastError,
            NextAttempt(state, c) is { } at && at > now ? utc + (at - now) : null))];

    private static TimeSpan? NextAttempt(SessionState state, Candidate candidate)
    {
        var link = state.Link;
        if (link.Current is { } current)
        {
            return candidate.Rank < current.Rank ? link.Failback.NextAt : null;
        }

        return candidate.HoldUntil > link.NextRoundAt ? candidate.HoldUntil : link.NextRoundAt;
    }
}
