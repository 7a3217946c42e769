using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.Peering;

/// <summary>A peer's answer (draft-cruz-ppsp-http-peer-protocol-00).</summary>
public sealed record PeerResponse
{
    /// <summary>How it went.</summary>
    public required ResponseCode Code { get; init; }

    /// <summary>The request's identifier, letter for letter; null when it could not be found.</summary>
    public TransactionId? TransactionId { get; init; }

    /// <summary>The swarm a list or map belongs to, or null.</summary>
    public SwarmId? SwarmId { get; init; }

    /// <summary>Answer to GET_PEERLIST, else null.</summary>
    public IReadOnlyList<PeerInfo>? Peers { get; init; }

    /// <summary>Answer to GET_CHUNKMAP, else null.</summary>
    public IReadOnlyList<LevelMap>? ChunkMaps { get; init; }
}
