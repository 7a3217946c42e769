using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Swarm.Transfer;

/// <summary>What a peer said it holds.</summary>
/// <param name="Outcome">How it went.</param>
/// <param name="Maps">The maps; null when they are as they were, or when the outcome is no success.</param>
/// <param name="Tag">Tag of the maps, or null.</param>
internal sealed record MapAnswer(TransferOutcome Outcome, IReadOnlyList<LevelMap>? Maps, string? Tag);

/// <summary>Whom a peer said it knows.</summary>
/// <param name="Outcome">How it went.</param>
/// <param name="Peers">The peers; empty when the outcome is no success.</param>
internal sealed record PeerListAnswer(TransferOutcome Outcome, IReadOnlyList<PeerInfo> Peers);
