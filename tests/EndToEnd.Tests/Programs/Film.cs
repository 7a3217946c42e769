namespace EndToEnd.Tests.Programs;

/// <summary>A short film made by ffmpeg: moving picture and sound.</summary>
internal static class Film
{
    public const int Seconds = 8;
    public const int Frames = Seconds * 25;

    public static async Task<string> MakeAsync(TempFolder folder)
    {
        var path = folder["film.mp4"];
        var (code, text) = await Tool.RunAsync(
            "ffmpeg", "-nostdin", "-v", "error", "-y",
            "-f", "lavfi", "-i", $"testsrc2=size=320x180:rate=25:duration={Seconds}",
            "-f", "lavfi", "-i", $"sine=frequency=440:sample_rate=48000:duration={Seconds}",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-b:v", "600k",
            "-c:a", "aac", "-b:a", "64k", path);
        Assert.True(code == 0, text);
        return path;
    }
}
