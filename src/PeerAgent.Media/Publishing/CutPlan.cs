using System.Globalization;

namespace PeerAgent.Media.Publishing;

/// <summary>The options under which ffmpeg cuts a file, and the names it writes.</summary>
/// <remarks>
/// One run makes all levels from the same frames. With a picture, there is a key frame exactly where a chunk begins, and
/// the muxer (told half the duration) cuts at each of them; so all levels have the same cuts, whatever rounding does.
/// The muxer of HLS is used because it keeps time stamps and packet counters running on across chunks.
/// </remarks>
/// <param name="file">Full path of the source.</param>
/// <param name="probe">What is in it.</param>
/// <param name="levels">The levels from the base up; empty = one like the source.</param>
/// <param name="chunkDuration">How long a chunk plays.</param>
internal sealed class CutPlan(string file, MediaProbe probe, IReadOnlyList<LevelSpec> levels, TimeSpan chunkDuration)
{
    private const long LowBitrate = 400_000;

    /// <summary>Number of levels, 1 or more.</summary>
    internal int LevelCount => Math.Max(1, levels.Count);

    /// <summary>The playlist of a level; tells how long its chunks really play.</summary>
    internal static string PlaylistOf(int level) => string.Create(CultureInfo.InvariantCulture, $"{level}.m3u8");

    /// <summary>What the chunks of a level are called until they are moved.</summary>
    internal static string PatternOf(int level) => string.Create(CultureInfo.InvariantCulture, $"{level}-*.ts");

    /// <summary>All options of ffmpeg; it writes into its working folder.</summary>
    internal List<string> Arguments()
    {
        List<string> all =
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-fflags", "+bitexact", "-protocol_whitelist", "file", "-i", $"file:{file}",
        ];
        for (var level = 0; level < LevelCount; level++)
        {
            all.AddRange(Level(level));
        }

        return all;
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private List<string> Level(int level)
    {
        List<string> options = ["-map_metadata", "-1", "-map_chapters", "-1"];
        if (probe.VideoStream is { } video)
        {
            options.AddRange(["-map", $"0:{video}", .. Picture(level)]);
        }

        if (probe.AudioStream is { } audio)
        {
            var bitrate = levels.Count > 0 && levels.Min(l => l.Bitrate) < LowBitrate ? "64k" : "128k";
            options.AddRange(["-map", $"0:{audio}", "-c:a", "aac", "-b:a", bitrate, "-ac", "2", "-ar", "48000", "-flags:a", "+bitexact"]);
        }

        var cut = probe.VideoStream is null ? chunkDuration : chunkDuration / 2;
        return
        [
            .. options, "-fflags", "+bitexact", "-f", "hls", "-hls_time", Text(cut.TotalSeconds), "-hls_list_size", "0",
            "-hls_playlist_type", "vod", "-hls_segment_type", "mpegts", "-hls_segment_filename", $"{level}-%05d.ts", PlaylistOf(level),
        ];
    }

    private List<string> Picture(int level)
    {
        List<string> options =
        [
            "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-flags:v", "+bitexact", "-r", probe.FramesPerSecond,
            "-g", "100000", "-sc_threshold", "0", "-force_key_frames", $"expr:gte(t,n_forced*{Text(chunkDuration.TotalSeconds)})",
        ];
        if (levels.Count == 0)
        {
            return [.. options, "-vf", "scale=max(16\\,trunc(iw*max(sar\\,0.01)/2)*2):max(16\\,trunc(ih/2)*2),setsar=1", "-crf", "21"];
        }

        var (width, height, bitrate) = levels[level];
        var scale = string.Create(
            CultureInfo.InvariantCulture,
            $"scale=trunc(iw*max(sar\\,0.01)):ih,setsar=1,scale={width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2,pad={width}:{height}:(ow-iw)/2:(oh-ih)/2,setsar=1");
        return [.. options, "-vf", scale, "-b:v", Text(bitrate), "-maxrate", Text(bitrate * 5 / 4), "-bufsize", Text(bitrate * 2)];
    }
}
