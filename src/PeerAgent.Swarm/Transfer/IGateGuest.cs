namespace PeerAgent.Swarm.Transfer;

/// <summary>Who wants a turn at the <see cref="FetchGate"/>. Its values may change while it waits and while it is in.</summary>
internal interface IGateGuest
{
    /// <summary>How much it matters now.</summary>
    Urgency Urgency { get; }

    /// <summary>When its chunk is wanted, by the clock of the process.</summary>
    TimeSpan Due { get; }

    /// <summary>True while somebody is being asked for its chunk: only then is it served by others holding back.</summary>
    bool IsAtWork { get; }
}
