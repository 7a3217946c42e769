using Ppsp.Protocol.Chunks;

namespace PeerAgent.Tracker.Sessions;

/// <summary>
/// What this peer holds of a swarm and has moved in it (draft-cruz-ppsp-http-tracker-protocol-01, section 4.10, Table 3).
/// </summary>
public sealed record SwarmReport
{
    /// <summary>The chunks held, one entry a level of a clip.</summary>
    public required IReadOnlyList<LevelMap> Levels { get; init; }

    /// <summary>A number that changes whenever <see cref="Levels"/> does.</summary>
    public required long MapVersion { get; init; }

    /// <summary>How many chunks are held, 0 or more.</summary>
    public required int HeldChunks { get; init; }

    /// <summary>How many chunks there are to hold, 0 or more.</summary>
    public required int TotalChunks { get; init; }

    /// <summary>Bytes sent to other peers since the swarm was joined.</summary>
    public long UploadedBytes { get; init; }

    /// <summary>Bytes received from other peers since the swarm was joined.</summary>
    public long DownloadedBytes { get; init; }

    /// <summary>Upstream bandwidth still available, bits per second.</summary>
    public long AvailableBandwidth { get; init; }
}
