namespace PeerAgent.Media.Publishing;

/// <summary>What a media file was cut into; the chunks themselves are in the target folder.</summary>
/// <param name="Duration">Playing time of the file.</param>
/// <param name="FramesPerSecond">Frames a second of all levels, or null when there is no picture.</param>
/// <param name="Sizes">Width and height by level; empty when there is no picture.</param>
/// <param name="HasAudio">True when there is sound.</param>
/// <param name="Files">Full paths of all chunks.</param>
internal sealed record CutMedia(
    TimeSpan Duration,
    double? FramesPerSecond,
    IReadOnlyList<(int Width, int Height)> Sizes,
    bool HasAudio,
    IReadOnlyList<string> Files)
{
    /// <summary>True when there is a picture.</summary>
    internal bool HasVideo => Sizes.Count > 0;
}
