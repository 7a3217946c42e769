using PeerAgent.Media.Store;

namespace PeerAgent.CommandLine;

/// <summary>What <c>peer-agent store --json</c> prints.</summary>
/// <param name="Path">The state folder.</param>
/// <param name="Chunks">Chunks of all streams.</param>
/// <param name="Bytes">Bytes of all streams.</param>
/// <param name="MaxBytes">Most bytes on disk.</param>
/// <param name="MemoryBytes">Most bytes in memory.</param>
/// <param name="Streams">The streams, the largest first.</param>
internal sealed record StoreDescription(
    string Path, long Chunks, long Bytes, long MaxBytes, long MemoryBytes, IReadOnlyList<StoredStream> Streams);
