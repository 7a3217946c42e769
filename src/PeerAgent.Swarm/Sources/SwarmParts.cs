using Microsoft.Extensions.Logging;
using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Sources;

/// <summary>What all streams of the process share.</summary>
internal sealed record SwarmParts
{
    /// <summary>Who we are.</summary>
    public required LocalPeer Self { get; init; }

    /// <summary>How peers are talked to.</summary>
    public required IPeerTransport Transport { get; init; }

    /// <summary>The settings.</summary>
    public required FetchOptions Options { get; init; }

    /// <summary>How far ahead of players is fetched.</summary>
    public required PlaybackOptions Playback { get; init; }

    /// <summary>Longest chunk that is taken.</summary>
    public required long MaxChunkBytes { get; init; }

    /// <summary>The time.</summary>
    public required Clock Clock { get; init; }

    /// <summary>The randomness.</summary>
    public required Dice Dice { get; init; }

    /// <summary>Bounds how much is fetched at a time.</summary>
    public required FetchGate Gate { get; init; }

    /// <summary>True when peers may have chunks of a stream from us.</summary>
    public required Func<StreamInfo, bool> MaySend { get; init; }

    /// <summary>The instruments.</summary>
    public required SwarmMetrics Metrics { get; init; }

    /// <summary>The log.</summary>
    public required ILogger Logger { get; init; }
}
