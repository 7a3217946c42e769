namespace PeerAgent.Tracker.Sessions;

/// <summary>How a swarm stands at the session's tracker.</summary>
internal enum MemberState
{
    /// <summary>JOIN is to be sent, or sent again.</summary>
    Joining,

    /// <summary>JOIN was accepted.</summary>
    Joined,

    /// <summary>The caller is done with it; LEAVE is to be sent where JOIN was.</summary>
    Leaving,

    /// <summary>Over.</summary>
    Left,
}
