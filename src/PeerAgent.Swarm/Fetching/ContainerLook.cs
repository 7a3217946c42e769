namespace PeerAgent.Swarm.Fetching;

/// <summary>What the first bytes of a chunk look like.</summary>
internal enum ContainerLook
{
    /// <summary>There are not bytes enough to say.</summary>
    TooEarly,

    /// <summary>Like what the chunk's name promises, or the name promises nothing that could be seen.</summary>
    Right,

    /// <summary>Like something else; taken only when nobody has better bytes.</summary>
    Odd,

    /// <summary>Like a page of text; never taken for media.</summary>
    Page,
}
