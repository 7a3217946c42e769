namespace PeerAgent.Tracker.Trackers;

/// <summary>How a session stands with one of its trackers: a snapshot for people and programs.</summary>
/// <param name="Url">The tracker, as <see cref="TrackerEndpoint.Name"/> shows it.</param>
/// <param name="Tier">Its tier.</param>
/// <param name="State">How it stands.</param>
/// <param name="LastAnswer">When it last answered anything, a refusal too; null = never.</param>
/// <param name="LastError">Its last failure as a sentence; null when it has not failed since it was last connected.</param>
/// <param name="NextAttempt">When it is tried again, where that is planned.</param>
public sealed record TrackerStatus(
    string Url,
    int Tier,
    TrackerState State,
    DateTimeOffset? LastAnswer,
    string? LastError,
    DateTimeOffset? NextAttempt);
