using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Swarm.Sources;

/// <summary>What is known of a peer of a stream, for people and programs that look on. A snapshot.</summary>
public sealed record PeerStatus
{
    /// <summary>The peer.</summary>
    public required PeerId PeerId { get; init; }

    /// <summary>Where it listens.</summary>
    public required IReadOnlyList<PeerAddress> Addresses { get; init; }

    /// <summary><c>SEED</c>, <c>LEECH</c> or another word of its tracker; empty when not known.</summary>
    public required string PeerType { get; init; }

    /// <summary>Cost of reaching it, lower = nearer.</summary>
    public required int EndPointRankCost { get; init; }

    /// <summary>Whether it is asked, and why not.</summary>
    public required SourceState State { get; init; }

    /// <summary>True while we do not serve it.</summary>
    public required bool ChokedByUs { get; init; }

    /// <summary>Number of chunks in its ChunkMap; null while it has not told.</summary>
    public required int? HeldChunks { get; init; }

    /// <summary>Average bytes a second; null when never measured.</summary>
    public required double? BytesPerSecond { get; init; }

    /// <summary>Average time to the first byte; null when never measured.</summary>
    public required TimeSpan? Latency { get; init; }

    /// <summary>Requests for chunks open at it now.</summary>
    public required int OpenRequests { get; init; }

    /// <summary>Failures in a row.</summary>
    public required int Failures { get; init; }

    /// <summary>Bytes of chunks received from it.</summary>
    public required long DownloadedBytes { get; init; }

    /// <summary>Bytes of chunks sent to it.</summary>
    public required long UploadedBytes { get; init; }

    /// <summary>The last trouble with it in words, or null.</summary>
    public required string? LastTrouble { get; init; }
}
