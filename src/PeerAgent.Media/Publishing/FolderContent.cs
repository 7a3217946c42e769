using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Publishing;

/// <summary>What stands in a folder of chunks: one content, complete and without contradictions.</summary>
/// <param name="ContentId">What all chunk names begin with.</param>
/// <param name="Components">The chunks by kind, the picture first; at least one.</param>
/// <param name="Warnings">Whole sentences about files that were left out.</param>
internal sealed record FolderContent(string ContentId, IReadOnlyList<FolderComponent> Components, IReadOnlyList<string> Warnings);

/// <summary>The chunks of one kind.</summary>
/// <param name="Type">Kind in lower case: <c>video</c>, <c>audio</c> or <c>text</c>.</param>
/// <param name="Form">Any one of the chunks' names: extension, views and kind of level are the same in all of them.</param>
/// <param name="From">Number of the first chunk of every level.</param>
/// <param name="Levels">The chunks by level and then by place, equally many in each.</param>
/// <param name="Inits">Initialisation chunks: none, one for all levels, or one a level.</param>
internal sealed record FolderComponent(
    string Type, ChunkName Form, long From, IReadOnlyList<IReadOnlyList<ChunkFile>> Levels, IReadOnlyList<ChunkFile> Inits);

/// <summary>A file that belongs to the content.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Name">Its name as a chunk's, or null for <c>init.mp4</c>.</param>
/// <param name="Length">Bytes, 1 or more.</param>
internal sealed record ChunkFile(string Path, ChunkName? Name, long Length)
{
    /// <summary>The last part of the path.</summary>
    internal string FileName => System.IO.Path.GetFileName(Path);
}
