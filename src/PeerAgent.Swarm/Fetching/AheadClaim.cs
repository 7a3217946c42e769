using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Fetching;

/// <summary>Why a chunk is fetched although nobody waits for it. Immutable; a new one takes its place when a window moves.</summary>
/// <param name="Urgency"><see cref="Transfer.Urgency.Soon"/> or <see cref="Transfer.Urgency.Ahead"/>.</param>
/// <param name="Due">When it is played, by the clock of the process.</param>
internal sealed record AheadClaim(Urgency Urgency, TimeSpan Due);
