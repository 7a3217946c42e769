using PeerAgent.Media.Streams;

namespace PeerAgent.Media.Playlist;

/// <summary>
/// What of a stream an HLS player can be offered: one main component, which is the picture where there is one, and the
/// sound where it is a component of its own; of both, the levels that every segment of every clip has.
/// </summary>
/// <param name="Stream">The stream.</param>
/// <param name="MainType">Type of the main component.</param>
/// <param name="MainLevels">Levels of the main component, 1 or more.</param>
/// <param name="AudioLevels">Levels of the separate sound, 0 when there is none.</param>
internal sealed record PlayableStream(StreamInfo Stream, string MainType, int MainLevels, int AudioLevels)
{
    internal const string Audio = "audio";
    private const string Video = "video";

    /// <summary>True when a playlist of playlists is needed.</summary>
    internal bool HasMaster => MainLevels > 1 || AudioLevels > 0;

    /// <summary>Finds out; null when the clips have no kind of component in common.</summary>
    internal static PlayableStream? Of(StreamInfo stream)
    {
        var types = stream.Clips[0].Components.Select(c => c.Type).Where(t => stream.Clips.All(c => Find(c, t) is not null)).ToList();
        if (types.Count == 0)
        {
            return null;
        }

        var main = types.Contains(Video) ? Video : types.Contains(Audio) ? Audio : types[0];
        return new PlayableStream(
            stream,
            main,
            main != Audio && stream.Clips.Any(NeedsAllLevels) ? 1 : CommonLevels(stream, main),
            main != Audio && types.Contains(Audio) ? CommonLevels(stream, Audio) : 0);
    }

    /// <summary>The clips' components of a type, in order.</summary>
    internal IEnumerable<(Clip Clip, Component Component)> Parts(string type) => Stream.Clips.Select(c => (c, Find(c, type)!));

    /// <summary>Layers build on each other and descriptions belong together: a player of plain files can only use the first.</summary>
    private static bool NeedsAllLevels(Clip clip) => clip.Video?.Codec.ToUpperInvariant() is "SVC" or "MDC";

    private static int CommonLevels(StreamInfo stream, string type) =>
        stream.Clips.SelectMany(c => Find(c, type)!.Segments).Min(s => s.Levels);

    private static Component? Find(Clip clip, string type) => clip.Components.FirstOrDefault(c => c.Type == type);
}
