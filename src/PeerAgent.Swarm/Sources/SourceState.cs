namespace PeerAgent.Swarm.Sources;

/// <summary>Whether a source of chunks may be asked, and why not.</summary>
public enum SourceState
{
    /// <summary>It may be asked.</summary>
    Usable,

    /// <summary>It said that it has too much to do; asked again when the time it named has passed.</summary>
    Busy,

    /// <summary>It failed, and is left alone for a while.</summary>
    Resting,

    /// <summary>It does not serve us for now.</summary>
    Choked,

    /// <summary>It sent what does not match the manifest; never asked again for this stream.</summary>
    Banned,
}
