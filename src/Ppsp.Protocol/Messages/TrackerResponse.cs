using Ppsp.Protocol.Ids;

namespace Ppsp.Protocol.Messages;

/// <summary>A tracker's answer, free of any dialect.</summary>
public sealed record TrackerResponse
{
    /// <summary>How it went.</summary>
    public required ResponseCode Code { get; init; }

    /// <summary>The request's identifier, letter for letter; null when it could not be found.</summary>
    public TransactionId? TransactionId { get; init; }

    /// <summary>The swarm a list belongs to, or null.</summary>
    public SwarmId? SwarmId { get; init; }

    /// <summary>The list, null where the answer carries none.</summary>
    public IReadOnlyList<PeerInfo>? Peers { get; init; }
}
