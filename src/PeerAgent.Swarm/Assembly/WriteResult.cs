namespace PeerAgent.Swarm.Assembly;

/// <summary>What became of bytes that a source sent.</summary>
internal enum WriteResult
{
    /// <summary>They were taken, and more are wanted.</summary>
    Taken,

    /// <summary>The part is complete with them.</summary>
    PartDone,

    /// <summary>Another source fills the part.</summary>
    NotWanted,

    /// <summary>They do not fit the chunk.</summary>
    TooMany,

    /// <summary>The memory for chunks is full.</summary>
    NoRoom,
}
