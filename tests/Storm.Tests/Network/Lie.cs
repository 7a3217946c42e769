using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace Storm.Tests.Network;

/// <summary>A chunk that a peer delivered whole and that does not match its hash.</summary>
internal sealed record Lie(FarPeer Peer, SwarmId SwarmId, ChunkId Chunk, TimeSpan At);
