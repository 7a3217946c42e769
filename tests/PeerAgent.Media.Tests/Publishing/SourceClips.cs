using System.Globalization;
using PeerAgent.Media.Publishing;

namespace PeerAgent.Media.Tests.Publishing;

/// <summary>Small media files made with ffmpeg, and questions to ffprobe about chunks.</summary>
internal static class SourceClips
{
    internal const string Picture = "testsrc2=s=256x144:r=25";
    internal const string Sound = "sine=f=440:r=48000";

    /// <summary>Writes a clip of the given sources (lavfi) and seconds.</summary>
    internal static async Task MakeAsync(string file, double seconds, params string[] sources)
    {
        var inputs = sources.SelectMany(s => new[] { "-f", "lavfi", "-i", s });
        await RunAsync("ffmpeg", Path.GetDirectoryName(file)!,
            ["-nostdin", "-v", "error", "-y", .. inputs, "-t", seconds.ToString(CultureInfo.InvariantCulture), "-preset", "ultrafast", file]);
    }

    /// <summary>Presentation times of the first stream's packets of one kind, in seconds, in the order of the file.</summary>
    internal static async Task<List<double>> TimesAsync(string file, string stream) =>
    [
        .. (await RunAsync("ffprobe", ".", ["-v", "error", "-select_streams", stream, "-show_entries", "packet=pts_time", "-of", "csv=p=0", file]))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => double.Parse(l.Trim().Split(',')[0], CultureInfo.InvariantCulture)),
    ];

    /// <summary>Decodes the picture and the sound, allows no complaint, and gives the number of frames of the picture.</summary>
    internal static async Task<int> DecodeAsync(string file)
    {
        await RunAsync("ffmpeg", ".", ["-nostdin", "-v", "warning", "-i", file, "-f", "null", "-"], noComplaints: true);
        var frames = await RunAsync("ffmpeg", ".",
            ["-nostdin", "-v", "warning", "-i", file, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framecrc", "-"], noComplaints: true);
        return frames.Split('\n').Count(l => l.Length > 0 && l[0] != '#');
    }

    internal static async Task<string> RunAsync(string program, string folder, string[] arguments, bool noComplaints = false)
    {
        var exit = await ChildProgram.RunAsync(program, arguments, folder, TestContext.Current.CancellationToken);
        Assert.NotNull(exit);
        Assert.True(exit.ExitCode == 0, exit.LastErrorLine);
        Assert.True(!noComplaints || exit.LastErrorLine.Length == 0, exit.LastErrorLine);
        return exit.Output;
    }
}
