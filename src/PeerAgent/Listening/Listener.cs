namespace PeerAgent.Listening;

/// <summary>Which door a connection came in through.</summary>
public enum Listener
{
    /// <summary>The proxy: players.</summary>
    Players,

    /// <summary>The network side: other peers.</summary>
    Peers,
}
