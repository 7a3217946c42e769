namespace Ppsp.Protocol.Chunks;

/// <summary>Identifies one chunk of a stream: its level and its number in the timeline.</summary>
/// <param name="Level">The level the chunk belongs to.</param>
/// <param name="Index">Number of the chunk, 0 or more.</param>
public readonly record struct ChunkId(LevelId Level, long Index)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Level}/{Index}";
}
