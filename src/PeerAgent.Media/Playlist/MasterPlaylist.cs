using System.Globalization;
using System.Text;
using PeerAgent.Media.Streams;

namespace PeerAgent.Media.Playlist;

/// <summary>The playlist of playlists (RFC 8216, section 4.3.4).</summary>
internal static class MasterPlaylist
{
    /// <summary>Where nothing tells the bit rate: what sound takes, and what each further level adds.</summary>
    private const long AudioBitrate = 128_000;

    private const long LevelBitrate = 1_000_000;
    private const long BitsPerPixel = 2;

    internal static string Write(PlayableStream playable)
    {
        var text = new StringBuilder("#EXTM3U\n");
        text.Append(CultureInfo.InvariantCulture, $"#EXT-X-VERSION:{MediaPlaylist.VersionOf(playable)}\n");
        for (var level = 0; level < playable.AudioLevels; level++)
        {
            var chosen = level == 0 ? "YES" : "NO";
            text.Append(
                CultureInfo.InvariantCulture,
                $"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"audio-{level}\",DEFAULT={chosen},AUTOSELECT=YES,URI=\"{HlsPlaylist.AudioName(level)}\"\n");
        }

        for (var level = 0; level < playable.MainLevels; level++)
        {
            text.Append(CultureInfo.InvariantCulture, $"#EXT-X-STREAM-INF:BANDWIDTH={BandwidthOf(playable, level)}");
            if (QualityOf(playable.Stream.Clips[0], level) is { } quality)
            {
                text.Append(CultureInfo.InvariantCulture, $",RESOLUTION={quality.Width}x{quality.Height}");
            }

            text.Append(playable.AudioLevels > 0 ? ",AUDIO=\"audio\"\n" : "\n");
            text.Append(CultureInfo.InvariantCulture, $"{HlsPlaylist.LevelName(level)}\n");
        }

        return text.ToString();
    }

    /// <summary>Bits per second of the picture at a level and the sound beside it, the most of all clips.</summary>
    private static long BandwidthOf(PlayableStream playable, int level)
    {
        var main = playable.Parts(playable.MainType).Max(p => BitrateOf(p.Clip, p.Component, level));
        return playable.AudioLevels == 0
            ? main
            : main + playable.Parts(PlayableStream.Audio).Max(p => p.Component.Segments.Max(s => s.Bitrate) ?? AudioBitrate);
    }

    private static long BitrateOf(Clip clip, Component component, int level)
    {
        if (clip.Video?.Qualities.FirstOrDefault(q => q.Level == level)?.Bitrate is { } told)
        {
            return told;
        }

        return component.Segments.Max(s => s.Bitrate)
            ?? (QualityOf(clip, level) is { } quality
                ? ((long)quality.Width * quality.Height * BitsPerPixel) + (level * LevelBitrate / 10)
                : (level + 1) * LevelBitrate);
    }

    /// <summary>A quality stands for its level and those above, up to the next one.</summary>
    private static VideoQuality? QualityOf(Clip clip, int level) =>
        clip.Video?.Qualities.Where(q => q.Level <= level).MaxBy(q => q.Level);
}
