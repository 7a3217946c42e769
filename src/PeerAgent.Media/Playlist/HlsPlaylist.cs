using System.Globalization;
using PeerAgent.Media.Streams;

namespace PeerAgent.Media.Playlist;

/// <summary>
/// HLS playlists (RFC 8216) of a stream, for players that know no StreamInfo. Chunk names are relative URIs,
/// percent-encoded; where a bare name would fit several clips, the clip's path stands before it.
/// </summary>
/// <remarks>
/// <para>
/// Levels are alternate qualities, of which those are offered that all clips have. SVC layers and MDC descriptions are
/// no alternatives: of such streams level 0 alone is offered.
/// </para>
/// <para>
/// How long a chunk plays: as its segment says; else, unless the stream is live, the clip's playing time divided by its
/// chunks; else <see cref="DefaultChunkSeconds"/>. The last chunk of a clip plays for the rest of the clip where that is known.
/// </para>
/// </remarks>
public static class HlsPlaylist
{
    /// <summary>Name of the playlist to begin with.</summary>
    public const string IndexName = "index.m3u8";

    /// <summary>Most lines of a playlist: some 50,000 chunks, which is more than a day of chunks of two seconds.</summary>
    public const int MaxLines = 100_000;

    /// <summary>Most characters of a playlist.</summary>
    public const int MaxCharacters = 1 << 23;

    /// <summary>Seconds that a chunk is said to play when the manifest does not tell.</summary>
    public const int DefaultChunkSeconds = 2;

    private const string LevelPrefix = "level-";
    private const string AudioPrefix = "audio-";
    private const string Ending = ".m3u8";

    /// <summary>Writes a playlist.</summary>
    /// <param name="layout">The stream.</param>
    /// <param name="name">
    /// <see cref="IndexName"/>: the playlists by level where there is more than one or where sound is a component of its
    /// own, else the chunks themselves; <c>level-0.m3u8</c> and so on: the chunks of a level; <c>audio-0.m3u8</c> and so
    /// on: those of the sound.
    /// </param>
    /// <returns>
    /// The playlist; null when the stream has none of that name, or when one would be longer than
    /// <see cref="MaxLines"/> or <see cref="MaxCharacters"/>.
    /// </returns>
    public static string? Write(ChunkLayout layout, string name)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(name);
        if (PlayableStream.Of(layout.Stream) is not { } playable)
        {
            return null;
        }

        if (name == IndexName)
        {
            return playable.HasMaster ? WriteMaster(playable) : MediaPlaylist.Write(layout, playable, playable.MainType, 0);
        }

        if (TryReadLevel(name, LevelPrefix, playable.MainLevels, out var level))
        {
            return MediaPlaylist.Write(layout, playable, playable.MainType, level);
        }

        return TryReadLevel(name, AudioPrefix, playable.AudioLevels, out level)
            ? MediaPlaylist.Write(layout, playable, PlayableStream.Audio, level)
            : null;
    }

    internal static string LevelName(int level) => string.Create(CultureInfo.InvariantCulture, $"{LevelPrefix}{level}{Ending}");

    internal static string AudioName(int level) => string.Create(CultureInfo.InvariantCulture, $"{AudioPrefix}{level}{Ending}");

    private static string? WriteMaster(PlayableStream playable) =>
        MediaPlaylist.Fits(playable, playable.MainType)
        && (playable.AudioLevels == 0 || MediaPlaylist.Fits(playable, PlayableStream.Audio))
            ? MasterPlaylist.Write(playable)
            : null;

    private static bool TryReadLevel(string name, string prefix, int levels, out int level)
    {
        level = 0;
        return name.StartsWith(prefix, StringComparison.Ordinal)
            && name.EndsWith(Ending, StringComparison.Ordinal)
            && name.Length > prefix.Length + Ending.Length
            && name.AsSpan()[prefix.Length..^Ending.Length] is var digits
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out level)
            && level < levels
            && (digits[0] != '0' || digits.Length == 1);
    }
}
