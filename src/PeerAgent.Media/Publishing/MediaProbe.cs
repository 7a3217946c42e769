using System.Globalization;
using System.Text.Json;

namespace PeerAgent.Media.Publishing;

/// <summary>What ffprobe says about a media file.</summary>
/// <param name="Duration">Playing time, or null when the file does not tell.</param>
/// <param name="VideoStream">Number of the picture's stream (no cover art), or null.</param>
/// <param name="AudioStream">Number of the first stream of sound, or null.</param>
/// <param name="Width">Pixels of the picture as they are stored, 0 without a picture.</param>
/// <param name="Height">Pixels of the picture as they are stored, 0 without a picture.</param>
/// <param name="FramesPerSecond">Frames a second as a fraction such as <c>30000/1001</c>, <c>25/1</c> when the file tells nothing sensible.</param>
internal sealed record MediaProbe(
    TimeSpan? Duration, int? VideoStream, int? AudioStream, int Width, int Height, string FramesPerSecond)
{
    private const double MinRate = 1;
    private const double MaxRate = 120;
    private const string UsualRate = "25/1";

    /// <summary>The options that make ffprobe write what <see cref="TryRead"/> reads.</summary>
    internal static IReadOnlyList<string> Arguments(string file) =>
    [
        "-v", "error", "-protocol_whitelist", "file",
        "-show_entries", "format=duration:stream=index,codec_type,width,height,avg_frame_rate:stream_disposition=attached_pic",
        "-of", "json", "-i", $"file:{file}",
    ];

    /// <summary>The rate as a number.</summary>
    internal double Rate => RateOf(FramesPerSecond) ?? 25;

    /// <summary>Reads ffprobe's JSON; null when it is none.</summary>
    internal static MediaProbe? TryRead(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var streams = root.TryGetProperty("streams", out var all) && all.ValueKind == JsonValueKind.Array ? all.EnumerateArray().ToList() : [];
            var video = streams.Where(s => Text(s, "codec_type") == "video" && !IsCover(s)).Take(1).ToList();
            var audio = streams.Where(s => Text(s, "codec_type") == "audio").Take(1).ToList();
            var rate = video.Count > 0 ? Text(video[0], "avg_frame_rate") : "";
            return new MediaProbe(
                root.TryGetProperty("format", out var format) ? ReadDuration(Text(format, "duration")) : null,
                video.Count > 0 ? Number(video[0], "index") : null,
                audio.Count > 0 ? Number(audio[0], "index") : null,
                video.Count > 0 ? Number(video[0], "width") : 0,
                video.Count > 0 ? Number(video[0], "height") : 0,
                RateOf(rate) is null ? UsualRate : rate);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TimeSpan? ReadDuration(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e9
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static double? RateOf(string text) =>
        text.Split('/') is [var above, var below]
        && int.TryParse(above, NumberStyles.None, CultureInfo.InvariantCulture, out var a)
        && int.TryParse(below, NumberStyles.None, CultureInfo.InvariantCulture, out var b)
        && b > 0 && (double)a / b is >= MinRate and <= MaxRate
            ? (double)a / b
            : null;

    private static bool IsCover(JsonElement stream) =>
        stream.TryGetProperty("disposition", out var disposition) && Number(disposition, "attached_pic") == 1;

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static int Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;
}
