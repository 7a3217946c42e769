using PeerAgent.Tracker.Client;
using PeerAgent.Tracker.Tiers;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Sessions;

/// <summary>A message that a session sends, and whom it concerns. The closed family stands in this file.</summary>
/// <param name="Tracker">The tracker it goes to.</param>
/// <param name="Patience">How long it may take.</param>
internal abstract record Exchange(Candidate Tracker, Patience Patience)
{
    /// <summary>The draft's word for the message.</summary>
    public abstract string Verb { get; }

    /// <summary>The message.</summary>
    public abstract TrackerRequest ToRequest(SessionIdentity me, TransactionId id);
}

/// <summary>CONNECT.</summary>
internal sealed record ConnectExchange(Candidate Tracker, Patience Patience) : Exchange(Tracker, Patience)
{
    public override string Verb => "CONNECT";

    public override TrackerRequest ToRequest(SessionIdentity me, TransactionId id) => new RegisterRequest
    {
        PeerId = me.PeerId, Credentials = me.Credentials, TransactionId = id, Addresses = me.GetAddresses(),
    };
}

/// <summary>JOIN, without an expiry: the session says LEAVE.</summary>
internal sealed record JoinExchange(Candidate Tracker, Patience Patience, Member Member) : Exchange(Tracker, Patience)
{
    public override string Verb => "JOIN";

    public override TrackerRequest ToRequest(SessionIdentity me, TransactionId id) => new JoinRequest
    {
        PeerId = me.PeerId, Credentials = me.Credentials, TransactionId = id, SwarmId = Member.SwarmId,
    };
}

/// <summary>LEAVE.</summary>
internal sealed record LeaveExchange(Candidate Tracker, Patience Patience, SwarmId Swarm, Member? Member)
    : Exchange(Tracker, Patience)
{
    public override string Verb => "LEAVE";

    public override TrackerRequest ToRequest(SessionIdentity me, TransactionId id) => new LeaveRequest
    {
        PeerId = me.PeerId, Credentials = me.Credentials, TransactionId = id, SwarmId = Swarm,
    };
}

/// <summary>FIND_PEER.</summary>
internal sealed record FindExchange(Candidate Tracker, Patience Patience, Member Member) : Exchange(Tracker, Patience)
{
    public override string Verb => "FIND_PEER";

    public override TrackerRequest ToRequest(SessionIdentity me, TransactionId id) => new ListRequest
    {
        PeerId = me.PeerId, Credentials = me.Credentials, TransactionId = id, SwarmId = Member.SwarmId,
    };
}

/// <summary>FIND_CHUNK.</summary>
internal sealed record ChunkExchange(Candidate Tracker, Patience Patience, SwarmId Swarm, ChunkId Chunk)
    : Exchange(Tracker, Patience)
{
    public override string Verb => "FIND_CHUNK";

    public override TrackerRequest ToRequest(SessionIdentity me, TransactionId id) => new ChunkListRequest
    {
        PeerId = me.PeerId,
        Credentials = me.Credentials,
        TransactionId = id,
        SwarmId = Swarm,
        ClipName = Chunk.Level.Clip,
        ClipType = Chunk.Level.Type,
        Index = Chunk.Index,
        Level = Chunk.Level.Level,
    };
}

/// <summary>STAT_REPORT.</summary>
internal sealed record ReportExchange(Candidate Tracker, Patience Patience, ReportPart Part) : Exchange(Tracker, Patience)
{
    public override string Verb => "STAT_REPORT";

    public override TrackerRequest ToRequest(SessionIdentity me, TransactionId id) => new ReportRequest
    {
        PeerId = me.PeerId,
        Credentials = me.Credentials,
        TransactionId = id,
        ChunkMaps = Part.ChunkMaps,
        StreamStats = Part.StreamStats,
    };
}

/// <summary>KEEPALIVE.</summary>
internal sealed record KeepAliveExchange(Candidate Tracker, Patience Patience) : Exchange(Tracker, Patience)
{
    public override string Verb => "KEEPALIVE";

    public override TrackerRequest ToRequest(SessionIdentity me, TransactionId id) => new HeartbeatRequest
    {
        PeerId = me.PeerId, Credentials = me.Credentials, TransactionId = id,
    };
}

/// <summary>DISCONNECT.</summary>
internal sealed record QuitExchange(Candidate Tracker, Patience Patience) : Exchange(Tracker, Patience)
{
    public override string Verb => "DISCONNECT";

    public override TrackerRequest ToRequest(SessionIdentity me, TransactionId id) => new QuitRequest
    {
        PeerId = me.PeerId, Credentials = me.Credentials, TransactionId = id,
    };
}
