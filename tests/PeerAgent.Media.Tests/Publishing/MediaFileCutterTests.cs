using PeerAgent.Media.Publishing;

namespace PeerAgent.Media.Tests.Publishing;

public sealed class MediaFileCutterTests
{
    private static readonly TimeSpan TwoSeconds = TimeSpan.FromSeconds(2);
    private static readonly LevelSpec[] TwoLevels = [new(256, 144, 300_000), new(128, 128, 100_000)];

    [Fact]
    public async Task Levels_are_cut_at_the_same_times_and_play_through()
    {
        using var folder = new TempFolder();
        await SourceClips.MakeAsync(folder["source.mkv"], 5, SourceClips.Picture, SourceClips.Sound);
        var media = Chunks.Done(await CutAsync(folder, "source.mkv", TwoLevels));

        string[] names = ["clip-L0-00000.ts", "clip-L0-00001.ts", "clip-L0-00002.ts", "clip-L1-00000.ts", "clip-L1-00001.ts", "clip-L1-00002.ts"];
        Assert.Equal(names, Directory.GetFileSystemEntries(folder["out"]).Select(Path.GetFileName).Order());
        Assert.Equal(names, media.Files.Select(Path.GetFileName));
        Assert.Equal([(128, 128), (256, 144)], media.Sizes);
        Assert.Equal((25.0, true), (media.FramesPerSecond, media.HasAudio));
        Assert.Equal(5, media.Duration.TotalSeconds, 0.1);

        var starts = new List<double>();
        foreach (var index in Enumerable.Range(0, 3))
        {
            var low = await SourceClips.TimesAsync(folder[$"out/clip-L0-0000{index}.ts"], "v:0");
            var high = await SourceClips.TimesAsync(folder[$"out/clip-L1-0000{index}.ts"], "v:0");
            Assert.Equal(index < 2 ? 50 : 25, low.Count);
            Assert.Equal(low.Order(), high.Order());
            Assert.Equal(low.Count, await SourceClips.DecodeAsync(folder[$"out/clip-L0-0000{index}.ts"]));
            starts.Add(low.Min());
        }

        Assert.Equal(2, starts[1] - starts[0], 0.001);
        Assert.Equal(2, starts[2] - starts[1], 0.001);
        Assert.Equal(125, await SourceClips.DecodeAsync(Playlist(folder, "clip-L0-0000{0}.ts", 3)));
        Assert.Equal(125, await SourceClips.DecodeAsync(Joined(folder, "clip-L1-0000{0}.ts", 3)));
    }

    [Fact]
    public async Task Chunks_of_different_levels_join_without_a_complaint()
    {
        using var folder = new TempFolder();
        await SourceClips.MakeAsync(folder["source.mkv"], 5, SourceClips.Picture, SourceClips.Sound);
        Chunks.Done(await CutAsync(folder, "source.mkv", [new(128, 72, 80_000), new(128, 72, 200_000)]));
        File.Copy(folder["out/clip-L1-00001.ts"], folder["out/clip-L0-00001.ts"], overwrite: true);
        Assert.Equal(125, await SourceClips.DecodeAsync(Playlist(folder, "clip-L0-0000{0}.ts", 3)));
    }

    [Fact]
    public async Task Without_levels_there_is_one_like_the_source()
    {
        using var folder = new TempFolder();
        await SourceClips.MakeAsync(folder["source.mkv"], 3, "testsrc2=s=98x50:r=30000/1001");
        var media = Chunks.Done(await CutAsync(folder, "source.mkv", []));
        Assert.Equal(["clip-00000.ts", "clip-00001.ts"], media.Files.Select(Path.GetFileName));
        Assert.Equal([(98, 50)], media.Sizes);
        Assert.Equal((29.97, false), (media.FramesPerSecond, media.HasAudio));
        Assert.Equal(90, await SourceClips.DecodeAsync(Playlist(folder, "clip-0000{0}.ts", 2)));
    }

    [Fact]
    public async Task Sound_alone_becomes_one_level_of_sound()
    {
        using var folder = new TempFolder();
        await SourceClips.MakeAsync(folder["source.wav"], 5, SourceClips.Sound);
        var media = Chunks.Done(await CutAsync(folder, "source.wav", []));
        Assert.Equal(["clip-00000.ts", "clip-00001.ts", "clip-00002.ts"], media.Files.Select(Path.GetFileName));
        Assert.Equal((false, true, null), (media.HasVideo, media.HasAudio, media.FramesPerSecond));
        await SourceClips.RunAsync("ffmpeg", ".", ["-nostdin", "-v", "warning", "-i", Playlist(folder, "clip-0000{0}.ts", 3), "-f", "null", "-"], noComplaints: true);
        Assert.Equal(
            "'source.wav' has no picture, so no levels can be made of it; leave them out.",
            Chunks.Error(await CutAsync(folder, "source.wav", TwoLevels, "more")));
    }

    [Fact]
    public async Task What_is_no_media_file_is_refused_and_leaves_nothing()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["source.txt"], "Not a film.");
        var error = Chunks.Error(await CutAsync(folder, "source.txt", []));
        Assert.StartsWith("'source.txt' is no media file that ffprobe can read (", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public async Task A_file_that_cannot_be_decoded_is_refused_with_what_ffmpeg_said()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["out"]);
        await SourceClips.MakeAsync(folder["source.mkv"], 1, SourceClips.Picture);
        var cutter = new MediaFileCutter(FakeProgram(folder, "echo first >&2; touch 0-00000.ts; echo 'no space left.' >&2; exit 3"));
        var error = Chunks.Error(await cutter.CutAsync(folder["source.mkv"], [], TwoSeconds, "clip", folder["out"], CancellationToken.None));
        Assert.Equal("ffmpeg could not cut 'source.mkv' (no space left).", error);
        Assert.Empty(Directory.GetFileSystemEntries(folder["out"]));
    }

    [Theory]
    [InlineData("no-such-ffmpeg", "ffprobe")]
    [InlineData("ffmpeg", "no-such-ffprobe")]
    public async Task Without_ffmpeg_the_sentence_says_how_to_get_it(string ffmpeg, string ffprobe)
    {
        using var folder = new TempFolder();
        await SourceClips.MakeAsync(folder["source.mkv"], 1, SourceClips.Picture);
        var outcome = await new MediaFileCutter(ffmpeg, ffprobe).CutAsync(folder["source.mkv"], [], TwoSeconds, "clip", folder["out"], CancellationToken.None);
        Assert.Equal("ffmpeg was not found; install it (Debian: apt-get install ffmpeg) or publish a folder of chunks.", Chunks.Error(outcome));
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public async Task A_folder_that_holds_chunks_is_left_alone()
    {
        using var folder = Chunks.Folder("old-0.ts");
        await SourceClips.MakeAsync(folder["source.mkv"], 1, SourceClips.Picture);
        var outcome = await new MediaFileCutter().CutAsync(folder["source.mkv"], [], TwoSeconds, "clip", folder.Path, CancellationToken.None);
        Assert.Equal($"The folder '{folder.Path}' already holds chunks; give one without.", Chunks.Error(outcome));
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [Fact]
    public async Task Cancelling_kills_ffmpeg_and_leaves_nothing()
    {
        using var folder = new TempFolder();
        using var stop = new CancellationTokenSource();
        await SourceClips.MakeAsync(folder["source.mkv"], 1, SourceClips.Picture);
        var cutter = new MediaFileCutter(FakeProgram(folder, $"echo $$ > '{folder["pid"]}.tmp'; mv '{folder["pid"]}.tmp' '{folder["pid"]}'; exec sleep 600"));
        var cutting = cutter.CutAsync(folder["source.mkv"], [], TwoSeconds, "clip", folder["out"], stop.Token);
        await Eventually.HoldsAsync(() => File.Exists(folder["pid"]), "ffmpeg runs");
        var pid = (await File.ReadAllTextAsync(folder["pid"])).Trim();
        Assert.True(Directory.Exists($"/proc/{pid}"));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cutting);
        Assert.False(Directory.Exists($"/proc/{pid}"));
        Assert.False(Directory.Exists(folder["out"]));
    }

    private static Task<PublishOutcome<CutMedia>> CutAsync(TempFolder folder, string file, LevelSpec[] levels, string target = "out") =>
        new MediaFileCutter().CutAsync(folder[file], levels, TwoSeconds, "clip", folder[target], TestContext.Current.CancellationToken);

    private static string FakeProgram(TempFolder folder, string script)
    {
        var path = folder["fake-ffmpeg"];
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    /// <summary>A playlist as players get it.</summary>
    private static string Playlist(TempFolder folder, string pattern, int count)
    {
        var lines = Enumerable.Range(0, count).Select(i => $"#EXTINF:2.0,\n{string.Format(null, pattern, i)}");
        File.WriteAllText(folder["out/play.m3u8"], $"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n{string.Join('\n', lines)}\n#EXT-X-ENDLIST\n");
        return folder["out/play.m3u8"];
    }

    /// <summary>The chunks as one file.</summary>
    private static string Joined(TempFolder folder, string pattern, int count)
    {
        File.WriteAllBytes(
            folder["joined.ts"],
            [.. Enumerable.Range(0, count).SelectMany(i => File.ReadAllBytes(Path.Combine(folder["out"], string.Format(null, pattern, i))))]);
        return folder["joined.ts"];
    }
}
