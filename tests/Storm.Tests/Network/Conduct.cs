namespace Storm.Tests.Network;

/// <summary>How a peer of the made-up network behaves when it is asked for a chunk.</summary>
internal enum Conduct
{
    /// <summary>Sends what it has.</summary>
    Honest,

    /// <summary>Sends it so slowly that it is hardly ever in time.</summary>
    Crawls,

    /// <summary>Sends it with one byte changed.</summary>
    Lies,

    /// <summary>Falls silent in the middle.</summary>
    Stalls,

    /// <summary>Breaks off in the middle.</summary>
    BreaksOff,

    /// <summary>Says 503.</summary>
    Busy,

    /// <summary>Says 403.</summary>
    Forbids,

    /// <summary>Sends a web page.</summary>
    SendsPage,

    /// <summary>Sends an empty or a cut-off chunk as if it were whole.</summary>
    CutsShort,

    /// <summary>Is not there.</summary>
    Gone,
}
