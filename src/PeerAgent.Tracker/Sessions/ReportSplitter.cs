using System.Text;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Sessions;

/// <summary>
/// Packs the reports of many swarms into as few messages as the limits allow. A swarm is kept together where it fits into
/// one message, a level always, because a tracker keeps of a level what the last message said
/// (draft-cruz-ppsp-http-tracker-protocol-01, section 4.10): a level that is too much for one message is made to fit.
/// </summary>
internal sealed class ReportSplitter
{
    /// <summary>Most segments a message may have.</summary>
    public const int MaxSegments = 64;

    /// <summary>Most bytes of reports in a message: below the 1 MiB of a body, with room for the envelope.</summary>
    public const int MaxBytes = (1024 - 64) * 1024;

    private const int MarkupBytes = 400;

    private readonly List<ReportPart> _done = [];
    private List<ChunkMapReport> _maps = [];
    private List<StreamStatsReport> _stats = [];
    private List<(Member Member, SwarmReport Report)> _completed = [];
    private int _segments;
    private long _bytes;

    private ReportSplitter()
    {
    }

    /// <summary>The messages to send, in order.</summary>
    public static IReadOnlyList<ReportPart> Split(IEnumerable<(Member Member, SwarmReport Report)> reports)
    {
        var splitter = new ReportSplitter();
        foreach (var (member, report) in reports)
        {
            splitter.Add(member, report);
        }

        splitter.Close();
        return splitter._done;
    }

    private void Add(Member member, SwarmReport report)
    {
        var pieces = report.Levels.Select(l => Fit(member.SwarmId, l)).ToList();
        var segments = pieces.Sum(Segments);
        var bytes = pieces.Sum(p => Bytes(member.SwarmId, p)) + Bytes(member.SwarmId);
        if (!Fits(segments, bytes))
        {
            Close();
        }

        var levels = new List<LevelMap>();
        foreach (var piece in pieces)
        {
            if (!Fits(Segments(piece), Bytes(member.SwarmId, piece)))
            {
                AddMaps(member.SwarmId, levels);
                levels = [];
                Close();
            }

            _segments += Segments(piece);
            _bytes += Bytes(member.SwarmId, piece);
            levels.Add(piece);
        }

        AddMaps(member.SwarmId, levels);
        _bytes += Bytes(member.SwarmId);
        _stats.Add(new StreamStatsReport(
            member.SwarmId, report.UploadedBytes, report.DownloadedBytes, report.AvailableBandwidth));
        _completed.Add((member, report));
    }

    private void AddMaps(SwarmId swarm, List<LevelMap> levels)
    {
        if (levels.Count > 0)
        {
            _maps.Add(new ChunkMapReport(swarm, levels));
        }
    }

    private void Close()
    {
        if (_maps.Count + _stats.Count > 0)
        {
            _done.Add(new ReportPart(_maps, _stats, _completed));
        }

        (_maps, _stats, _completed, _segments, _bytes) = ([], [], [], 0, 0);
    }

    private bool Fits(int segments, long bytes) => _segments + segments <= MaxSegments && _bytes + bytes <= MaxBytes;

    /// <summary>The level as it fits into a message of its own.</summary>
    private static LevelMap Fit(SwarmId swarm, LevelMap level)
    {
        var room = MaxBytes - Bytes(swarm, level with { Segments = [] });
        return level.Segments.Count <= MaxSegments && level.Segments.Sum(Bytes) <= room
            ? level
            : level with { Segments = Condenser.Condense(level.Segments, MaxSegments, room, Bytes) };
    }

    private static int Segments(LevelMap level) => Math.Max(1, level.Segments.Count);

    private static long Bytes(ChunkMap segment) => (ChunkMap.ByteLength(segment.Length) * 4L / 3) + MarkupBytes;

    private static long Bytes(SwarmId swarm, LevelMap level) =>
        Bytes(swarm) + Escaped(level.Level.Clip) + Escaped(level.Level.Type) + level.Segments.Sum(Bytes);

    private static long Bytes(SwarmId swarm) => Escaped(swarm.Value) + MarkupBytes;

    /// <summary>The most a text can take in XML: each character as an entity.</summary>
    private static long Escaped(string text) => Encoding.UTF8.GetByteCount(text) * 6L;
}
