using SwarmEmulation.Films;

namespace SwarmEmulation.Swarms;

/// <summary>What a swarm did.</summary>
/// <param name="Film">The film.</param>
/// <param name="Viewers">What its viewers saw.</param>
/// <param name="LineBytes">Bytes that crossed the peers' lines, heads and maps included.</param>
/// <param name="HolderBytes">Of these, from peers that had everything.</param>
/// <param name="OriginLineBytes">Bytes that crossed the origin's line.</param>
internal sealed record SwarmResult(
    Film Film, IReadOnlyList<ViewerResult> Viewers, long LineBytes, long HolderBytes, long OriginLineBytes);
