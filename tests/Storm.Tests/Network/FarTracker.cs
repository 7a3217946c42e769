using PeerAgent.Swarm.Fetching;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Messages;
using Storm.Tests.Films;

namespace Storm.Tests.Network;

/// <summary>The trackers of one film, as fetching sees them: right, late, empty-handed or broken.</summary>
internal sealed class FarTracker(Film film, FarNetwork network, TimeProvider time, Random dice) : ITrackerLookup
{
    private const int LongestList = 6;
    private readonly List<ChunkId> _open = [];

    /// <summary>Chunks that are being looked up now.</summary>
    public IReadOnlyList<ChunkId> Open => _open;

    /// <summary>A fresh list of peers was asked for.</summary>
    public bool PeersWanted { get; set; }

    /// <summary>All trackers are down.</summary>
    public bool IsDown { get; set; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PeerInfo>> FindChunkAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        _open.Add(chunk);
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(IsDown ? 9000 : dice.Next(10, 600)), time, cancellationToken);
            if (dice.Next(25) == 0)
            {
                throw new InvalidOperationException("The tracker client failed.");
            }

            return IsDown ? [] : [.. network.Peers.Where(p => p.Boasts || p.Holds(film, chunk)).OrderBy(_ => dice.Next()).Take(LongestList).Select(p => p.Info)];
        }
        finally
        {
            _open.Remove(chunk);
        }
    }

    /// <inheritdoc/>
    public void RequestPeers() => PeersWanted = true;
}
