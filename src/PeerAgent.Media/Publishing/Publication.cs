using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Publishing;

/// <summary>A stream that is ready to be shared.</summary>
/// <param name="Info">What the manifest will say, with the digest of every chunk.</param>
/// <param name="Chunks">Every chunk of the stream with its file, initialisation chunks included; hash lists come first, for the others are verified with them.</param>
/// <param name="Warnings">Whole sentences about what was left out or looks odd; empty when nothing does.</param>
public sealed record Publication(StreamInfo Info, IReadOnlyList<PublishedChunk> Chunks, IReadOnlyList<string> Warnings);

/// <summary>A chunk and where its bytes are.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="File">Full path of the file.</param>
/// <param name="Length">Bytes, 1 or more.</param>
public sealed record PublishedChunk(ChunkId Chunk, string File, long Length);
