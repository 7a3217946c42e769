using Ppsp.Protocol.Ids;

namespace Ppsp.Protocol.Peering;

/// <summary>A request from one peer to another (draft-cruz-ppsp-http-peer-protocol-00). The closed family stands in this file.</summary>
public abstract record PeerRequest
{
    /// <summary>The sender.</summary>
    public required PeerId PeerId { get; init; }

    /// <summary>The swarm.</summary>
    public required SwarmId SwarmId { get; init; }

    /// <summary>Ties the answer to this request.</summary>
    public required TransactionId TransactionId { get; init; }
}

/// <summary>GET_PEERLIST: whom do you know?</summary>
public sealed record GetPeerListRequest : PeerRequest;

/// <summary>GET_CHUNKMAP: what do you hold?</summary>
public sealed record GetChunkMapRequest : PeerRequest;

/// <summary>GET_CHUNK: send me the chunk that the URL's path names.</summary>
public sealed record GetChunkRequest : PeerRequest;

/// <summary>PEER_STATUS: what I intend to do for you.</summary>
public sealed record PeerStatusRequest : PeerRequest
{
    /// <summary>I stop sending.</summary>
    public const string Choke = "choke";

    /// <summary>I send again.</summary>
    public const string Unchoke = "unchoke";

    /// <summary><see cref="Choke"/>, <see cref="Unchoke"/>, or a word to be ignored; lower case.</summary>
    public required string Status { get; init; }
}
