using PeerAgent.Tracker.Client;
using PeerAgent.Tracker.Trackers;

namespace PeerAgent.Tracker.Tiers;

/// <summary>One tracker of a session's list, and what the session has seen of it. Used by the session's loop only.</summary>
/// <param name="endpoint">Where it answers.</param>
/// <param name="rank">Its tier counted from 0, 0 = best.</param>
/// <param name="client">Asks it.</param>
internal sealed class Candidate(TrackerEndpoint endpoint, int rank, TrackerClient client)
{
    public TrackerEndpoint Endpoint => endpoint;

    public int Rank => rank;

    public TrackerClient Client => client;

    public TrackerState State { get; set; }

    public DateTimeOffset? LastAnswer { get; set; }

    public string? LastError { get; set; }

    /// <summary>Not to be asked before this time of the session's clock, because it said so or refused us.</summary>
    public TimeSpan HoldUntil { get; set; }

    /// <summary>The session's place among those registered there; null when it has none.</summary>
    public Registration? Registration { get; set; }
}
