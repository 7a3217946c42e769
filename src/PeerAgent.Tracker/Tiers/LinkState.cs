namespace PeerAgent.Tracker.Tiers;

/// <summary>How a session stands with its trackers as a whole.</summary>
internal enum LinkState
{
    /// <summary>Registered nowhere.</summary>
    Disconnected,

    /// <summary>A CONNECT is under way.</summary>
    Connecting,

    /// <summary>Registered at one tracker.</summary>
    Connected,
}
