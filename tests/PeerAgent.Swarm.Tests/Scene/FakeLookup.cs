using PeerAgent.Swarm.Fetching;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Swarm.Tests.Scene;

/// <summary>Trackers that answer what a test says.</summary>
internal sealed class FakeLookup : ITrackerLookup
{
    private int _finds;
    private int _requests;

    public Func<ChunkId, CancellationToken, Task<IReadOnlyList<PeerInfo>>> Answer { get; set; } =
        (_, _) => Task.FromResult<IReadOnlyList<PeerInfo>>([]);

    public int Finds => Volatile.Read(ref _finds);

    public int Requests => Volatile.Read(ref _requests);

    public Task<IReadOnlyList<PeerInfo>> FindChunkAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _finds);
        return Answer(chunk, cancellationToken);
    }

    public void RequestPeers() => Interlocked.Increment(ref _requests);
}
