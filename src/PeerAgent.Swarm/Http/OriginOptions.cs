namespace PeerAgent.Swarm.Http;

/// <summary>How origins are used.</summary>
public sealed class OriginOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "PeerAgent:Origin";

    /// <summary>False: chunks come from peers only, whatever origins a manifest names. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Bytes of chunks taken a second, all origins of the process together. Default none: as fast as it goes. At least 1024.
    /// </summary>
    public long? MaxBytesPerSecond { get; set; }

    /// <summary>Most requests for chunks open at one origin at a time, all streams together. Default 4, at most 64.</summary>
    public int MaxConnections { get; set; } = 4;
}
