namespace PeerAgent.Swarm.Transfer;

/// <summary>How much a fetch matters, the most urgent first.</summary>
internal enum Urgency
{
    /// <summary>A player waits for the chunk right now.</summary>
    Waited,

    /// <summary>A player will soon ask for it.</summary>
    Soon,

    /// <summary>It lies further ahead of a player.</summary>
    Ahead,
}
