using System.Text.Json.Serialization;

namespace PeerAgent.Proxy;

/// <summary>A stream as <c>GET /streams/{swarmId}</c> tells it.</summary>
internal sealed record StreamDescription
{
    public required string SwarmId { get; init; }

    /// <summary><c>active</c>, <c>seeding</c> or <c>idle</c>.</summary>
    public required string State { get; init; }

    public required bool Live { get; init; }

    /// <summary>False when the manifest has no hashes: then chunks are only checked for length and shape.</summary>
    public required bool Verified { get; init; }

    public required string ChunkBaseUrl { get; init; }

    public required string PlaylistUrl { get; init; }

    public required int Players { get; init; }

    public required long Chunks { get; init; }

    public required long ChunksHeld { get; init; }

    public required IReadOnlyList<ClipDescription> Clips { get; init; }

    public required IReadOnlyList<TrackerDescription> Trackers { get; init; }

    public required IReadOnlyList<PeerDescription> Peers { get; init; }

    public required TrafficDescription Traffic { get; init; }
}

internal sealed record ClipDescription(string Name, string Description, double? DurationSeconds, IReadOnlyList<LevelDescription> Levels);

/// <summary>One level; chunk numbers are inclusive.</summary>
internal sealed record LevelDescription
{
    public required string Type { get; init; }

    public required int Level { get; init; }

    public required long From { get; init; }

    public required long To { get; init; }

    public required int Chunks { get; init; }

    public required int Held { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public long? Bitrate { get; init; }

    /// <summary>Name of the first chunk, below the chunk base URL.</summary>
    public required string FirstChunk { get; init; }
}

internal sealed record TrackerDescription(
    string Url, int Tier, string State, DateTimeOffset? LastAnswer, string? LastError, DateTimeOffset? NextAttempt);

internal sealed record PeerDescription(
    string PeerId, IReadOnlyList<string> Addresses, string State, int? ChunksHeld, double? BytesPerSecond, double? LatencyMilliseconds);

/// <summary>Bytes since the swarm was entered.</summary>
internal sealed record TrafficDescription(long FromPeers, long FromOrigin, long ToPeers, long Wasted);

internal sealed record ChunkMapDescription(string SwarmId, IReadOnlyList<LevelMapDescription> Levels);

internal sealed record LevelMapDescription(string Clip, string Type, int Level, IReadOnlyList<SegmentMapDescription> Segments);

/// <summary>One range; <c>Bitmap</c> is base64, the most significant bit of the first byte is chunk <c>From</c>.</summary>
internal sealed record SegmentMapDescription(long From, long To, int Held, string Bitmap);

/// <summary>How the latest fetch of a chunk went; <c>End</c> is null while it runs.</summary>
internal sealed record TraceDescription(
    string Chunk, DateTimeOffset Started, string? End, int StepsDropped, IReadOnlyList<TraceStepDescription> Steps);

/// <summary>One step; <c>Source</c> is null for the fetch itself.</summary>
internal sealed record TraceStepDescription(double AfterMilliseconds, string? Source, string What, long Bytes, string Detail);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StreamDescription))]
[JsonSerializable(typeof(IReadOnlyList<StreamDescription>))]
[JsonSerializable(typeof(ChunkMapDescription))]
[JsonSerializable(typeof(TraceDescription))]
internal sealed partial class StreamJson : JsonSerializerContext;
