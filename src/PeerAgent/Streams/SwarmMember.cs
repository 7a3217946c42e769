using PeerAgent.Media.Store;
using PeerAgent.Swarm.Swarms;
using PeerAgent.Swarm.Upload;
using PeerAgent.Tracker.Sessions;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Streams;

/// <summary>
/// What the tracker session asks of a stream: what peers may have of it and what moved, and whether it wants peers. Where
/// nothing is uploaded, empty maps are reported, so that nobody is sent here.
/// </summary>
internal sealed class SwarmMember(StreamChunks chunks, SwarmStream swarm, bool seeding, UploadSettings upload) : ISwarmMember
{
    private const int BitsPerByte = 8;
    private const long NothingVersion = -1;

    public SwarmId SwarmId => chunks.Layout.Stream.SwarmId;

    public bool WantsPeers => !seeding || chunks.HeldCount < chunks.Layout.ChunkCount;

    public int UsablePeers => swarm.UsablePeers;

    public void PeersFound(IReadOnlyList<PeerInfo> peers) => swarm.PeersFound(peers);

    public SwarmReport GetReport()
    {
        var maySend = upload.MaySend(chunks.Layout.Stream);
        var maps = chunks.GetMaps();
        return new SwarmReport
        {
            Levels = maySend ? maps : [.. maps.Select(Emptied)],
            MapVersion = maySend ? chunks.Version : NothingVersion,
            HeldChunks = maySend ? chunks.HeldCount : 0,
            TotalChunks = (int)Math.Min(chunks.Layout.ChunkCount, int.MaxValue),
            UploadedBytes = swarm.Traffic.UploadedBytes,
            DownloadedBytes = swarm.Traffic.DownloadedBytes,
            AvailableBandwidth = maySend ? BitsPerByte * (upload.Current.MaxBytesPerSecond ?? 0) : 0,
        };
    }

    private static LevelMap Emptied(LevelMap level) =>
        level with { Segments = [.. level.Segments.Select(s => new ChunkMapBuilder(s.From, s.Length).ToChunkMap())] };
}
