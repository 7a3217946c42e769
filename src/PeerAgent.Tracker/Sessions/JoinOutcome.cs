namespace PeerAgent.Tracker.Sessions;

/// <summary>How the first attempt to enter a swarm ended. The session goes on trying after a failure.</summary>
/// <param name="IsJoined">True when a tracker accepted JOIN, and answered the first FIND_PEER and STAT_REPORT.</param>
/// <param name="Failures">Why not, one entry a tracker; empty when joined.</param>
public sealed record JoinOutcome(bool IsJoined, IReadOnlyList<JoinFailure> Failures)
{
    internal static JoinOutcome Joined { get; } = new(true, []);
}

/// <summary>Why one tracker could not be used.</summary>
/// <param name="Url">The tracker, without anything secret.</param>
/// <param name="Reason">The rest of a sentence about it, for people, such as <c>it does not accept connections</c>.</param>
public sealed record JoinFailure(string Url, string Reason);
