namespace PeerAgent.Swarm.Transfer;

/// <summary>Who wants a turn at the <see cref="FetchGate"/>. Both values may change while it waits and while it is in.</summary>
internal interface IGateGuest
{
    /// <summary>How much it matters now.</summary>
    Urgency Urgency { get; }

    /// <summary>When its chunk is wanted, by the clock of the process.</summary>
    TimeSpan Due { get; }
}
