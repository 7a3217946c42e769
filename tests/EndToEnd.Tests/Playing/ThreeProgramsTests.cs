using System.Text.RegularExpressions;
using EndToEnd.Tests.Programs;

namespace EndToEnd.Tests.Playing;

/// <summary>Tracker, publisher, player: separate processes and state folders, a real film, real players.</summary>
public sealed partial class ThreeProgramsTests
{
    [Fact]
    public async Task A_film_is_published_played_by_real_players_and_passed_on_by_the_player_alone()
    {
        using var folder = new TempFolder();
        await using var tracker = await Tracker.StartAsync();
        var seeder = await PublishAsync(folder, tracker);
        await using var player = await Agent.RunAsync(folder["player"]);
        var stream = await player.PostManifestAsync(folder["film.xml"]);
        var playlist = new Uri(player.Proxy, stream + "/index.m3u8").ToString();

        await EveryFrameDecodesAsync(playlist);
        await MpvPlaysAsync(playlist);
        await VlcPlaysAsync(folder, playlist);

        var description = await player.GetJsonAsync(stream);
        Assert.Equal(description.GetProperty("chunks").GetInt64(), description.GetProperty("chunksHeld").GetInt64());
        var swarm = description.GetProperty("swarmId").GetString()!;
        await Eventually.HoldsAsync(
            async () => (await tracker.FindChunkAsync(swarm, 0)).Count == 2, "the tracker names seeder and player as holders");

        // The publisher goes; the player's agent alone serves a third one.
        seeder.Program.Terminate();
        Assert.Equal(0, await seeder.Program.ExitAsync());
        await seeder.DisposeAsync();
        await using var third = await Agent.RunAsync(folder["third"]);
        var same = await third.PostManifestAsync(folder["film.xml"]);
        await EveryFrameDecodesAsync(new Uri(third.Proxy, same + "/index.m3u8").ToString());
        var fetched = await third.GetJsonAsync(same);
        Assert.Equal(description.GetProperty("chunks").GetInt64(), fetched.GetProperty("chunksHeld").GetInt64());
        Assert.Equal(0, fetched.GetProperty("traffic").GetProperty("fromOrigin").GetInt64());
    }

    private static async Task<Agent> PublishAsync(TempFolder folder, Tracker tracker)
    {
        var film = await Film.MakeAsync(folder);
        var seeder = await Agent.PublishAsync(
            folder["seeder"], film, "--name", "test/film", "--tracker", tracker.Url.ToString(), "--out", folder["film.xml"]);
        await Eventually.HoldsAsync(() => File.Exists(folder["film.xml"]), "the manifest is written once the swarm is joined");
        return seeder;
    }

    private static async Task EveryFrameDecodesAsync(string playlist)
    {
        var (code, text) = await Tool.RunAsync(
            "ffmpeg", "-nostdin", "-v", "warning", "-progress", "-", "-i", playlist, "-map", "0:v", "-map", "0:a", "-f", "null", "-");
        Assert.True(code == 0, text);
        Assert.Equal(Film.Frames.ToString(System.Globalization.CultureInfo.InvariantCulture), FrameLine().Matches(text)[^1].Groups[1].Value);
    }

    private static async Task MpvPlaysAsync(string playlist)
    {
        var (code, text) = await Tool.RunAsync(
            "mpv", "--no-config", "--vo=null", "--ao=null", "--ao-null-untimed", "--untimed", "--ytdl=no", "--term-status-msg=", playlist);
        Assert.True(code == 0, text);
        Assert.Contains("End of file", text, StringComparison.Ordinal);
    }

    private static async Task VlcPlaysAsync(TempFolder folder, string playlist)
    {
        // VLC refuses to run as root, and ends with 0 whatever happened: its own words count.
        string[] play = ["-I", "dummy", "--no-dbus", "-vv", "--sout", "#transcode{vcodec=mp4v,acodec=mpga}:dummy", "--play-and-exit", playlist, "vlc://quit"];
        Directory.CreateDirectory(folder["vlc"]);
        var (_, text) = Environment.UserName == "root"
            ? await Tool.RunAsync(
                "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "env", "HOME=/nonexistent", "XDG_RUNTIME_DIR=/nonexistent", "vlc", .. play])
            : await Tool.RunAsync("vlc", play);
        Assert.DoesNotContain("unable to open the MRL", text, StringComparison.Ordinal);
        Assert.Contains("mp4v", text, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^frame=(\d+)", RegexOptions.Multiline)]
    private static partial Regex FrameLine();
}
