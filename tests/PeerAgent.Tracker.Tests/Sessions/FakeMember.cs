using PeerAgent.Tracker.Sessions;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Tests.Sessions;

/// <summary>The host's side of a swarm, as a test wants it.</summary>
internal sealed class FakeMember : ISwarmMember
{
    private readonly List<IReadOnlyList<PeerInfo>> _found = [];
    private readonly ChunkMapBuilder _map;
    private long _version;

    public FakeMember(string swarm, int chunks = 100)
    {
        SwarmId = Rig.Swarm(swarm);
        _map = new ChunkMapBuilder(0, chunks);
    }

    public SwarmId SwarmId { get; }

    public bool WantsPeers { get; set; } = true;

    public int UsablePeers { get; set; } = 10;

    public long Uploaded { get; set; }

    public long Downloaded { get; set; }

    public bool Throws { get; set; }

    /// <summary>Instead of the map.</summary>
    public IReadOnlyList<LevelMap>? Levels { get; set; }

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

    public static LevelId Level { get; } = new("path/name", "video", 0);

    public void Hold(int from, int count)
    {
        lock (_map)
        {
            for (var i = from; i < from + count; i++)
            {
                _map.Add(i);
            }

            _version++;
        }
    }

    public SwarmReport GetReport()
    {
        if (Throws)
        {
            throw new InvalidOperationException("A defect in the host.");
        }

        lock (_map)
        {
            return new SwarmReport
            {
                Levels = Levels ?? [new LevelMap(Level, [_map.ToChunkMap()])],
                MapVersion = _version,
                HeldChunks = _map.Count,
                TotalChunks = _map.Length,
                UploadedBytes = Uploaded,
                DownloadedBytes = Downloaded,
                AvailableBandwidth = 1_000_000,
            };
        }
    }

    public void PeersFound(IReadOnlyList<PeerInfo> peers)
    {
        lock (_found)
        {
            _found.Add(peers);
        }
    }
}
