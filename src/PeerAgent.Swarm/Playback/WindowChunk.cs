using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Playback;

/// <summary>A chunk in the window of a player.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="Due">When it is played, as far as one can tell; by the clock of the process.</param>
/// <param name="Urgency">Which part of the window it lies in; never <see cref="Transfer.Urgency.Waited"/>.</param>
internal readonly record struct WindowChunk(ChunkId Chunk, TimeSpan Due, Urgency Urgency);
