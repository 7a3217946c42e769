using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Upload;

/// <summary>What peers take from us just now. A snapshot.</summary>
public sealed record UploadUse
{
    /// <summary>Chunks being sent.</summary>
    public required int ActiveUploads { get; init; }

    /// <summary>Requests that wait for a slot.</summary>
    public required int WaitingRequests { get; init; }

    /// <summary>Bytes a second, the average of the last two seconds.</summary>
    public required long BytesPerSecond { get; init; }

    /// <summary>Bytes since the agent started.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Players of ours that wait for a chunk; while there are any, peers get less.</summary>
    public required int PlayersWaiting { get; init; }

    /// <summary>Slots that hold at this moment.</summary>
    public required int SlotsNow { get; init; }

    /// <summary>The limit that holds at this moment, bytes a second; null for none.</summary>
    public required long? MaxBytesPerSecondNow { get; init; }

    /// <summary>Peers that are not served in this round.</summary>
    public required IReadOnlyList<PeerId> ChokedPeers { get; init; }
}
