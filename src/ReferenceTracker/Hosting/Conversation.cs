using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Messages;
using ReferenceTracker.Registry;

namespace ReferenceTracker.Hosting;

/// <summary>Puts a request and its answer into words.</summary>
internal static class Conversation
{
    internal static string Method(TrackerRequest? request) => request is null ? "-" : TrackerCodec.MethodOf(request);

    internal static string? Swarm(TrackerRequest? request) => request switch
    {
        JoinRequest join => join.SwarmId.Value,
        LeaveRequest leave => leave.SwarmId.Value,
        ListRequest list => list.SwarmId.Value,
        ChunkListRequest chunk => chunk.SwarmId.Value,
        ReportRequest { ChunkMaps: [var first, ..] } => first.SwarmId.Value,
        ReportRequest { StreamStats: [var first, ..] } => first.SwarmId.Value,
        _ => null,
    };

    internal static TrackerExchange Describe(TrackerRequest? request, RegistryAnswer answer, string? reason) => new(
        Method(request),
        request?.PeerId.Value ?? "",
        Swarm(request),
        answer.Code,
        reason ?? Summary(request, answer));

    private static string Summary(TrackerRequest? request, RegistryAnswer answer) => (request, answer) switch
    {
        (_, { Peers: { } peers }) => peers.Length == 1 ? "1 peer" : $"{peers.Length} peers",
        (ReportRequest { ChunkMaps.Count: > 0 } report, _) => Map(report),
        _ => "",
    };

    private static string Map(ReportRequest report)
    {
        var maps = report.ChunkMaps.SelectMany(m => m.Levels).SelectMany(l => l.Segments).ToList();
        return $"map {maps.Sum(m => (long)m.Count)} of {maps.Sum(m => (long)m.Length)}";
    }
}
