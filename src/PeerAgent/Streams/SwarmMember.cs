using PeerAgent.Media.Store;
using PeerAgent.Swarm.Swarms;
using PeerAgent.Tracker.Sessions;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Streams;

/// <summary>What the tracker session asks of a stream: what it holds and moved, and whether it wants peers.</summary>
internal sealed class SwarmMember(StreamChunks chunks, SwarmStream swarm, bool seeding, long availableBandwidth) : ISwarmMember
{
    public SwarmId SwarmId => chunks.Layout.Stream.SwarmId;

    public bool WantsPeers => !seeding || chunks.HeldCount < chunks.Layout.ChunkCount;

    public int UsablePeers => swarm.UsablePeers;

    public void PeersFound(IReadOnlyList<PeerInfo> peers) => swarm.PeersFound(peers);

    public SwarmReport GetReport() => new()
    {
        Levels = chunks.GetMaps(),
        MapVersion = chunks.Version,
        HeldChunks = chunks.HeldCount,
        TotalChunks = (int)Math.Min(chunks.Layout.ChunkCount, int.MaxValue),
        UploadedBytes = swarm.Traffic.UploadedBytes,
        DownloadedBytes = swarm.Traffic.DownloadedBytes,
        AvailableBandwidth = availableBandwidth,
    };
}
