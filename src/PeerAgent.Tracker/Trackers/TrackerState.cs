namespace PeerAgent.Tracker.Trackers;

/// <summary>How a session stands with one of its trackers.</summary>
public enum TrackerState
{
    /// <summary>Not asked yet, or no longer needed.</summary>
    Idle,

    /// <summary>CONNECT is under way.</summary>
    Connecting,

    /// <summary>The session's tracker: it has accepted CONNECT.</summary>
    Connected,

    /// <summary>It failed last time; see <see cref="TrackerStatus.LastError"/>.</summary>
    Failed,
}
