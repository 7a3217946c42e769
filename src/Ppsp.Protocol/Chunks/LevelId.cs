namespace Ppsp.Protocol.Chunks;

/// <summary>
/// One level of one component of a clip: the unit that has a <see cref="ChunkMap"/> of its own
/// (SVC layer, MDC description or plain quality level; levels are counted from 0).
/// </summary>
/// <param name="Clip">Name of the clip as the manifest has it, for example <c>path/name</c>.</param>
/// <param name="Type">Kind of component in lower case: <c>video</c>, <c>audio</c> or another word of the manifest.</param>
/// <param name="Level">Number of the level, 0 = base.</param>
public readonly record struct LevelId(string Clip, string Type, int Level)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Clip}/{Type}/L{Level}";
}
