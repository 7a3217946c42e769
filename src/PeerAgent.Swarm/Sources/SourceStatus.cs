namespace PeerAgent.Swarm.Sources;

/// <summary>What is known of an origin of a stream. A snapshot.</summary>
public sealed record SourceStatus
{
    /// <summary>Base URL without user name and password.</summary>
    public required string Url { get; init; }

    /// <summary>Lower = asked first.</summary>
    public required int Priority { get; init; }

    /// <summary>Whether it is asked, and why not.</summary>
    public required SourceState State { get; init; }

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

    /// <summary>The last trouble with it in words, or null.</summary>
    public required string? LastTrouble { get; init; }
}
