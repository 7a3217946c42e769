using Ppsp.Protocol.Ids;

namespace Ppsp.Protocol.Messages;

/// <summary>A request to a tracker, free of any dialect. The closed family stands in this file.</summary>
public abstract record TrackerRequest
{
    /// <summary>The sender.</summary>
    public required PeerId PeerId { get; init; }

    /// <summary>Ties the answer to this request.</summary>
    public required TransactionId TransactionId { get; init; }

    /// <summary>The user behind the sender.</summary>
    public Credentials Credentials { get; init; } = Credentials.None;
}

/// <summary>CONNECT: the peer registers.</summary>
public sealed record RegisterRequest : TrackerRequest
{
    /// <summary>Where the peer listens; empty when it did not say.</summary>
    public IReadOnlyList<PeerAddress> Addresses { get; init; } = [];
}

/// <summary>DISCONNECT: the peer leaves the system and every swarm.</summary>
public sealed record QuitRequest : TrackerRequest;

/// <summary>JOIN: the peer enters a swarm.</summary>
public sealed record JoinRequest : TrackerRequest
{
    /// <summary>The swarm.</summary>
    public required SwarmId SwarmId { get; init; }

    /// <summary>When the membership ends by itself.</summary>
    public Expiry Expiry { get; init; }
}

/// <summary>LEAVE: the peer leaves one swarm.</summary>
public sealed record LeaveRequest : TrackerRequest
{
    /// <summary>The swarm.</summary>
    public required SwarmId SwarmId { get; init; }
}

/// <summary>FIND_PEER: who is in the swarm?</summary>
public sealed record ListRequest : TrackerRequest
{
    /// <summary>The swarm.</summary>
    public required SwarmId SwarmId { get; init; }

    /// <summary>Name of the clip of interest, or null.</summary>
    public string? ClipName { get; init; }

    /// <summary>Kind of component of interest in lower case, or null.</summary>
    public string? ClipType { get; init; }
}

/// <summary>FIND_CHUNK: who holds this chunk?</summary>
public sealed record ChunkListRequest : TrackerRequest
{
    /// <summary>The swarm.</summary>
    public required SwarmId SwarmId { get; init; }

    /// <summary>Name of the clip, or null where the message named none: any clip of the swarm.</summary>
    public string? ClipName { get; init; }

    /// <summary>Kind of component in lower case, or null: any.</summary>
    public string? ClipType { get; init; }

    /// <summary>Number of the chunk.</summary>
    public required long Index { get; init; }

    /// <summary>The level; the printed message has none and asks for the base level 0.</summary>
    public int Level { get; init; }
}

/// <summary>STAT_REPORT: what the peer holds and moved. Without any content it is a heartbeat.</summary>
public sealed record ReportRequest : TrackerRequest
{
    /// <summary>What it holds, one entry a swarm and clip.</summary>
    public IReadOnlyList<ChunkMapReport> ChunkMaps { get; init; } = [];

    /// <summary>What it moved, one entry a swarm.</summary>
    public IReadOnlyList<StreamStatsReport> StreamStats { get; init; } = [];
}

/// <summary>KEEPALIVE: the peer is still there.</summary>
public sealed record HeartbeatRequest : TrackerRequest;
