using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Transfer;

/// <summary>
/// A way to talk to other peers. Whoever asks knows neither HTTP nor UDP: results are neutral, expected trouble is a
/// result, and only cancellation by the caller throws.
/// </summary>
internal interface IPeerTransport
{
    /// <summary>Asks for a chunk; its bytes go to the sink as they arrive.</summary>
    Task<TransferOutcome> GetChunkAsync(PeerContact peer, ChunkWanted wanted, ITransferSink sink, CancellationToken cancellationToken);

    /// <summary>Asks what the peer holds.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="swarmId">The swarm.</param>
    /// <param name="knownTag">Tag of the map we have, or null: then an unchanged map is not sent again.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task<MapAnswer> GetMapAsync(PeerContact peer, SwarmId swarmId, string? knownTag, CancellationToken cancellationToken);

    /// <summary>Asks whom the peer knows.</summary>
    Task<PeerListAnswer> GetPeersAsync(PeerContact peer, SwarmId swarmId, CancellationToken cancellationToken);

    /// <summary>Tells the peer what we intend to do for it.</summary>
    Task<TransferOutcome> TellStatusAsync(PeerContact peer, SwarmId swarmId, string status, CancellationToken cancellationToken);
}
