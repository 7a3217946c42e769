using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace Ppsp.Protocol.Messages;

/// <summary>What a peer holds of a swarm (draft-cruz-ppsp-http-tracker-protocol-01, section 4.10).</summary>
/// <param name="SwarmId">The swarm.</param>
/// <param name="Levels">One entry a level of a clip.</param>
public sealed record ChunkMapReport(SwarmId SwarmId, IReadOnlyList<LevelMap> Levels);
