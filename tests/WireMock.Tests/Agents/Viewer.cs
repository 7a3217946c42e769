using PeerAgent.Tracker.Sessions;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace WireMock.Tests.Agents;

/// <summary>Someone who watches a stream of ten chunks and holds the first three; the host's side of a swarm.</summary>
internal sealed class Viewer(string swarm) : ISwarmMember
{
    private readonly List<IReadOnlyList<PeerInfo>> _found = [];

    public static LevelId Level { get; } = new("path/name", "video", 0);

    public SwarmId SwarmId { get; } = SwarmId.TryParse(swarm, out var id) ? id : throw new ArgumentException(swarm);

    public bool WantsPeers => true;

    public int UsablePeers => 10;

    /// <summary>The answers to FIND_PEER.</summary>
    public IReadOnlyList<IReadOnlyList<PeerInfo>> Found
    {
        get
        {
            lock (_found)
            {
                return [.. _found];
            }
        }
    }

    public SwarmReport GetReport()
    {
        var map = new ChunkMapBuilder(0, 10);
        map.Add(0);
        map.Add(1);
        map.Add(2);
        return new SwarmReport
        {
            Levels = [new LevelMap(Level, [map.ToChunkMap()])],
            MapVersion = 1,
            HeldChunks = 3,
            TotalChunks = 10,
            UploadedBytes = 11,
            DownloadedBytes = 22,
            AvailableBandwidth = 1_000_000,
        };
    }

    public void PeersFound(IReadOnlyList<PeerInfo> peers)
    {
        lock (_found)
        {
            _found.Add(peers);
        }
    }
}
