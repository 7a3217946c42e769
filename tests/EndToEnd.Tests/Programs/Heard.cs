using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Messages;

namespace EndToEnd.Tests.Programs;

/// <summary>A message that arrived at a tracker, or the tracker's death, in order of time.</summary>
/// <param name="Method">The draft's word for the message; <see cref="Death"/> for the end of the tracker and its memory.</param>
/// <param name="PeerId">Who sent it.</param>
/// <param name="Swarm">The swarm it names, or null.</param>
/// <param name="Transaction">Its TransactionID; a repetition has the same.</param>
/// <param name="Code">The tracker's answer; null when it died before.</param>
internal sealed record Heard(string Method, string PeerId, string? Swarm, string Transaction, ResponseCode? Code)
{
    public const string Death = "killed";

    public bool IsOk => Code == ResponseCode.Ok;

    public static Heard Of(TrackerRequest message) => new(
        TrackerCodec.MethodOf(message),
        message.PeerId.Value,
        message switch
        {
            JoinRequest m => m.SwarmId.Value,
            LeaveRequest m => m.SwarmId.Value,
            ListRequest m => m.SwarmId.Value,
            ChunkListRequest m => m.SwarmId.Value,
            _ => null,
        },
        message.TransactionId.Value,
        Code: null);

    public override string ToString() => Method == Death ? Death : $"{Method}{(Swarm is null ? "" : " " + Swarm)} {Code?.ToString() ?? "-"}";
}
