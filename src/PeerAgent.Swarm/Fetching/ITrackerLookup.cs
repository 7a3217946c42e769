using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Swarm.Fetching;

/// <summary>What fetching asks of the trackers of a stream. The host implements it over its membership in the swarm.</summary>
public interface ITrackerLookup
{
    /// <summary>Who holds the chunk (FIND_CHUNK)? An empty list when nobody does, or when no tracker answers.</summary>
    Task<IReadOnlyList<PeerInfo>> FindChunkAsync(ChunkId chunk, CancellationToken cancellationToken);

    /// <summary>
    /// Asks for a fresh list of peers (FIND_PEER) when that is next allowed; returns at once. The list comes back by
    /// <c>SwarmStream.PeersFound</c>.
    /// </summary>
    void RequestPeers();
}
