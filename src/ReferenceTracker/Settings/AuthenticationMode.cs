namespace ReferenceTracker.Settings;

/// <summary>What a peer must show.</summary>
public enum AuthenticationMode
{
    /// <summary>Nothing; a UserID, where given, still binds the PeerID until the peer leaves.</summary>
    Open,

    /// <summary>A signed token. Refused at start: not built in.</summary>
    Token,
}
