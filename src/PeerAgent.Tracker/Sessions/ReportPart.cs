using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Sessions;

/// <summary>The content of one STAT_REPORT.</summary>
/// <param name="ChunkMaps">What is held.</param>
/// <param name="StreamStats">What was moved.</param>
/// <param name="Completed">The swarms whose report ends with this message, with what was reported.</param>
internal sealed record ReportPart(
    IReadOnlyList<ChunkMapReport> ChunkMaps,
    IReadOnlyList<StreamStatsReport> StreamStats,
    IReadOnlyList<(Member Member, SwarmReport Report)> Completed);
