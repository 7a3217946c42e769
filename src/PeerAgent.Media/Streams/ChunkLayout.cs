using System.Diagnostics.CodeAnalysis;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Streams;

/// <summary>
/// Ties chunk names to chunks of a stream and back: the one place for that arithmetic. Made once a stream (and once a
/// window of a live one); immutable, safe to share.
/// </summary>
/// <remarks>
/// Reading is liberal: bare names, names behind the clip's name or its folder, any number of digits, any extension (it
/// only chooses between components of a clip), a missing level for level 0. Writing gives one canonical name a chunk.
/// The initialisation chunk of a level is the chunk 0 of a level of its own, with type <c>TYPE-init</c>.
/// </remarks>
public sealed class ChunkLayout
{
    /// <summary>Ending of the type of levels that hold an initialisation chunk.</summary>
    public const string InitSuffix = "-init";

    /// <summary>Lays out a stream.</summary>
    public ChunkLayout(StreamInfo stream) => Stream = stream;

    /// <summary>The stream.</summary>
    public StreamInfo Stream { get; }

    /// <summary>
    /// Finds the chunk that a path names: <c>name-L0-00000.ts</c>, <c>path/name-L0-00000.ts</c> or
    /// <c>path/name/name-L0-00000.ts</c>; percent-decoded, without a leading slash. False when the stream has no such
    /// chunk, or when a bare name fits several clips.
    /// </summary>
    public bool TryResolve(ReadOnlySpan<char> path, [NotNullWhen(true)] out ChunkId? chunk) => throw new NotImplementedException();

    /// <summary>True when the chunk is in the manifest (an initialisation chunk too).</summary>
    public bool Contains(ChunkId chunk) => throw new NotImplementedException();

    /// <summary>The canonical file name, for example <c>name-L0-00000.ts</c>.</summary>
    public string NameOf(ChunkId chunk) => throw new NotImplementedException();

    /// <summary>The path under which peers serve it: <c>/path/name/name-L0-00000.ts</c>, percent-encoded.</summary>
    public string PeerPathOf(ChunkId chunk) => throw new NotImplementedException();

    /// <summary>SHA-256 that the manifest promises, or null.</summary>
    public ReadOnlyMemory<byte>? HashOf(ChunkId chunk) => throw new NotImplementedException();

    /// <summary>Media type by the chunk's extension, for example <c>video/mp2t</c>.</summary>
    public string ContentTypeOf(ChunkId chunk) => throw new NotImplementedException();

    /// <summary>How long the chunk plays, or null when the manifest does not say.</summary>
    public TimeSpan? DurationOf(ChunkId chunk) => throw new NotImplementedException();

    /// <summary>Every level with its ranges (first chunk, number of chunks), initialisation levels included.</summary>
    public IReadOnlyList<LevelRange> Levels => throw new NotImplementedException();

    /// <summary>Number of all chunks, initialisation chunks included.</summary>
    public long ChunkCount => throw new NotImplementedException();
}
