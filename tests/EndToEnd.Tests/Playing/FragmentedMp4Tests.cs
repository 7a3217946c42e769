using System.Globalization;
using EndToEnd.Tests.Programs;

namespace EndToEnd.Tests.Playing;

public sealed class FragmentedMp4Tests
{
    [Fact]
    public async Task A_folder_of_fragmented_mp4_chunks_plays_through_a_second_agent()
    {
        using var folder = new TempFolder();
        await using var tracker = await Tracker.StartAsync();
        await CutAsync(folder);
        await using var seeder = await Agent.PublishAsync(
            folder["seeder"], folder["chunks"], "--name", "film", "--tracker", tracker.Url.ToString(), "--out", folder["film.xml"]);
        await Eventually.HoldsAsync(() => File.Exists(folder["film.xml"]), "the manifest is written once the swarm is joined");
        await using var player = await Agent.RunAsync(folder["player"]);
        var stream = await player.PostManifestAsync(folder["film.xml"]);

        var (code, text) = await Tool.RunAsync(
            "ffmpeg", "-nostdin", "-v", "warning", "-progress", "-",
            "-i", new Uri(player.Proxy, stream + "/index.m3u8").ToString(), "-map", "0:v", "-map", "0:a", "-f", "null", "-");

        Assert.True(code == 0, text);
        var frames = text.Split('\n').Last(l => l.StartsWith("frame=", StringComparison.Ordinal));
        Assert.Equal(Film.Frames.ToString(CultureInfo.InvariantCulture), frames["frame=".Length..].Trim());
        Assert.Equal(0, (await player.GetJsonAsync(stream)).GetProperty("traffic").GetProperty("fromOrigin").GetInt64());
    }

    /// <summary>Cuts with ffmpeg's own HLS writer, and gives the pieces the names of chunks.</summary>
    private static async Task CutAsync(TempFolder folder)
    {
        var film = await Film.MakeAsync(folder);
        Directory.CreateDirectory(folder["hls"]);
        var (code, text) = await Tool.RunAsync(
            "ffmpeg", "-nostdin", "-v", "error", "-i", film, "-c", "copy", "-f", "hls", "-hls_time", "2", "-hls_playlist_type", "vod",
            "-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "init.mp4",
            "-hls_segment_filename", Path.Combine(folder["hls"], "s%05d.m4s"), Path.Combine(folder["hls"], "index.m3u8"));
        Assert.True(code == 0, text);
        Directory.CreateDirectory(folder["chunks"]);
        File.Copy(Path.Combine(folder["hls"], "init.mp4"), Path.Combine(folder["chunks"], "film-init-00000.mp4"));
        foreach (var piece in Directory.EnumerateFiles(folder["hls"], "*.m4s"))
        {
            File.Copy(piece, Path.Combine(folder["chunks"], $"film-{Path.GetFileNameWithoutExtension(piece)[1..]}.m4s"));
        }
    }
}
