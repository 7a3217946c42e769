using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Transfer;

/// <summary>A chunk, or the rest of one, that a source is asked for.</summary>
/// <param name="SwarmId">The swarm.</param>
/// <param name="Chunk">The chunk.</param>
/// <param name="PeerPath">Path under which peers serve it: absolute, percent-encoded.</param>
/// <param name="Name">Its file name.</param>
/// <param name="Offset">First byte wanted.</param>
/// <param name="MaxBytes">Longest whole chunk that is taken.</param>
/// <param name="End">The byte behind the last one wanted; null for all from <paramref name="Offset"/> on.</param>
/// <param name="Left">How long until it is played, as far as one can tell.</param>
internal sealed record ChunkWanted(
    SwarmId SwarmId, ChunkId Chunk, string PeerPath, string Name, long Offset, long MaxBytes, long? End = null, TimeSpan Left = default);
