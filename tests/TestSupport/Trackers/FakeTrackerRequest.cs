using Ppsp.Protocol.Messages;

namespace TestSupport.Trackers;

/// <summary>A request as it arrived at a <see cref="FakeTracker"/>.</summary>
/// <param name="Message">The message; null when the body was not one.</param>
/// <param name="HttpMethod">For example <c>POST</c>.</param>
/// <param name="Path">Path and query.</param>
/// <param name="ContentType">As sent.</param>
/// <param name="AcceptEncoding">As sent.</param>
/// <param name="Body">The bytes.</param>
public sealed record FakeTrackerRequest(
    TrackerRequest? Message, string HttpMethod, string Path, string? ContentType, string? AcceptEncoding, byte[] Body)
{
    /// <summary>The draft's word for the message and the swarm it names, for example <c>JOIN a</c>.</summary>
    public string Verb => Message switch
    {
        RegisterRequest => "CONNECT",
        QuitRequest => "DISCONNECT",
        JoinRequest m => $"JOIN {m.SwarmId}",
        LeaveRequest m => $"LEAVE {m.SwarmId}",
        ListRequest m => $"FIND_PEER {m.SwarmId}",
        ChunkListRequest m => $"FIND_CHUNK {m.SwarmId}",
        ReportRequest => "STAT_REPORT",
        HeartbeatRequest => "KEEPALIVE",
        _ => "?",
    };
}
