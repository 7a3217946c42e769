using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Messages;

namespace ReferenceTracker.Registry;

/// <summary>What FIND_PEER or FIND_CHUNK asks for.</summary>
/// <param name="Clip">Name of the clip, null = any.</param>
/// <param name="Type">Kind of component, null = any.</param>
/// <param name="Level">The level, null = any.</param>
/// <param name="Chunk">The chunk, null = any.</param>
/// <param name="HoldersOnly">True when others are no help.</param>
internal readonly record struct ChunkQuestion(string? Clip, string? Type, int? Level, long? Chunk, bool HoldersOnly)
{
    /// <summary>Most levels of a swarm that are looked at when the question does not name one.</summary>
    internal const int MaxLevels = 256;

    /// <summary>False when the question is only who is there.</summary>
    internal bool AsksForContent => HoldersOnly || Clip is not null || Type is not null;

    /// <summary>The one level that is asked for, if it is one.</summary>
    internal LevelId? ExactLevel =>
        Clip is { } clip && Type is { } type && Level is { } level ? new LevelId(clip, type, level) : null;

    internal static ChunkQuestion Of(ListRequest request) => new(request.ClipName, request.ClipType, null, null, false);

    internal static ChunkQuestion Of(ChunkListRequest request) =>
        new(request.ClipName, request.ClipType, request.Level, request.Index, true);

    internal bool Fits(LevelId id) =>
        (Clip is null || Clip == id.Clip) && (Type is null || Type == id.Type) && (Level is null || Level == id.Level);
}
