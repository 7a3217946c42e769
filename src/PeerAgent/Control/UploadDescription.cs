using System.Text.Json.Serialization;
using PeerAgent.Swarm.Upload;

namespace PeerAgent.Control;

/// <summary>What peers may take from this agent, and what they take, as <c>GET /control/upload</c> tells it.</summary>
internal sealed record UploadDescription
{
    public required bool Enabled { get; init; }

    public required int Slots { get; init; }

    /// <summary>Null for no limit, here and below.</summary>
    public required long? MaxBytesPerSecond { get; init; }

    public required long? MaxBytesPerSecondPerPeer { get; init; }

    public required UploadUseDescription Use { get; init; }

    internal static UploadDescription Of(UploadLimits limits, UploadUse use) => new()
    {
        Enabled = limits.Enabled,
        Slots = limits.Slots,
        MaxBytesPerSecond = limits.MaxBytesPerSecond,
        MaxBytesPerSecondPerPeer = limits.MaxBytesPerSecondPerPeer,
        Use = new UploadUseDescription
        {
            ActiveUploads = use.ActiveUploads,
            WaitingRequests = use.WaitingRequests,
            BytesPerSecond = use.BytesPerSecond,
            TotalBytes = use.TotalBytes,
            PlayersWaiting = use.PlayersWaiting,
            SlotsNow = use.SlotsNow,
            MaxBytesPerSecondNow = use.MaxBytesPerSecondNow,
            ChokedPeers = [.. use.ChokedPeers.Select(p => p.Value)],
        },
    };
}

/// <summary>What peers take just now.</summary>
internal sealed record UploadUseDescription
{
    public required int ActiveUploads { get; init; }

    public required int WaitingRequests { get; init; }

    /// <summary>The average of the last two seconds.</summary>
    public required long BytesPerSecond { get; init; }

    /// <summary>Bytes since the agent started.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Players of ours that wait for a chunk; while there are any, less is left to peers.</summary>
    public required int PlayersWaiting { get; init; }

    public required int SlotsNow { get; init; }

    public required long? MaxBytesPerSecondNow { get; init; }

    public required IReadOnlyList<string> ChokedPeers { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UploadDescription))]
internal sealed partial class ControlJson : JsonSerializerContext;
