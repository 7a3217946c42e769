using PeerAgent.Swarm.Fetching;
using PeerAgent.Tracker.Sessions;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Streams;

/// <summary>What a swarm asks of its trackers; empty-handed until the membership is there.</summary>
internal sealed class TrackerLookup : ITrackerLookup
{
    private SwarmMembership? _membership;

    internal void Use(SwarmMembership membership) => Volatile.Write(ref _membership, membership);

    public Task<IReadOnlyList<PeerInfo>> FindChunkAsync(ChunkId chunk, CancellationToken cancellationToken) =>
        Volatile.Read(ref _membership)?.FindChunkAsync(chunk.Level, chunk.Index, cancellationToken)
        ?? Task.FromResult<IReadOnlyList<PeerInfo>>([]);

    public void RequestPeers() => Volatile.Read(ref _membership)?.RequestPeers();
}
