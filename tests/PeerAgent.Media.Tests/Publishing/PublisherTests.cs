using System.Security.Cryptography;
using PeerAgent.Media.Manifest;
using PeerAgent.Media.Publishing;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Media.Tests.Publishing;

public sealed class PublisherTests
{
    [Fact]
    public async Task A_folder_becomes_a_stream_with_the_digest_of_every_chunk()
    {
        using var folder = Chunks.Folder("film-L0-5.ts", "film-L0-6.ts", "film-L1-5.ts", "film-L1-6.ts", "film-init-L0-00000.ts", "film-init-L1-00000.ts", "x.bin");
        var request = Chunks.Request("a/film") with
        {
            Description = " Sunset ",
            Origins = [new(new Uri("http://b/"), 2), new(new Uri("http://a/"), 1)],
        };
        var publication = Chunks.Done(await PublishAsync(request, folder));

        var clip = Assert.Single(publication.Info.Clips);
        Assert.Equal(("a/film", "Sunset", null, null), (clip.Name, clip.Description, clip.Video, clip.Duration));
        Assert.Equal(["http://a/", "http://b/"], publication.Info.Origins.Select(o => o.Url.AbsoluteUri));
        var segment = Assert.Single(Assert.Single(clip.Components).Segments);
        Assert.Equal((5, 2, 2, true, true, "ts"), (segment.From, segment.Count, segment.Levels, segment.HasLevels, segment.IsRange, segment.Extension));
        Assert.Equal(6, publication.Chunks.Count);
        Assert.Single(publication.Warnings);
        await AssertWholeAsync(publication);
    }

    [Theory]
    [InlineData("a-00000.mp4", "a-00000.m4a", "a-00001.m4a")]
    [InlineData("a-L0-00000.264", "a-L1-00000.264")]
    [InlineData("a-V2-L0-00000.264", "a-V2-L1-00000.264")]
    [InlineData("a-D0-0000.h264", "a-D1-0000.h264")]
    [InlineData("a-00000.m4s", "a-00001.m4s", "init.mp4")]
    [InlineData("a-00000.mp4", "a-00000.m4a", "a-init-00000.mp4", "a-init-00000.m4a")]
    [InlineData("a-L0-00007.m4s", "a-init-L0-00000.mp4")]
    public async Task Every_file_is_found_under_its_name_in_the_written_manifest(params string[] names)
    {
        using var folder = Chunks.Folder(names);
        var publication = Chunks.Done(await PublishAsync(Chunks.Request("path/a"), folder));
        Assert.Equal(names.Order(), publication.Chunks.Select(c => Path.GetFileName(c.File)).Order());
        await AssertWholeAsync(publication);
    }

    [Theory]
    [InlineData("film", "film", "film")]
    [InlineData("path/film", "film", "path/film")]
    [InlineData("path/film", "A1", "path/film/A1")]
    public async Task The_clip_ends_in_what_the_files_begin_with(string name, string contentId, string clip)
    {
        using var folder = Chunks.Folder($"{contentId}-0.ts");
        var publication = Chunks.Done(await PublishAsync(Chunks.Request(name), folder));
        Assert.Equal(clip, publication.Info.Clips[0].Name);
        Assert.Equal(clip, publication.Chunks[0].Chunk.Level.Clip);
    }

    [Fact]
    public async Task A_swarm_id_is_derived_from_name_and_content_alone()
    {
        using var folder = Chunks.Folder("a-0.ts", "a-1.ts");
        using var copy = Chunks.Folder("a-0.ts", "a-1.ts");
        async Task<string> IdAsync(string name, TempFolder of) => Chunks.Done(await PublishAsync(Chunks.Request(name), of)).Info.SwarmId.Value;

        var id = await IdAsync("x/a", folder);
        Assert.Matches("^[0-9a-f]{40}$", id);
        Assert.Equal(id, await IdAsync("x/a", copy));
        Assert.NotEqual(id, await IdAsync("y/a", folder));
        await File.AppendAllTextAsync(copy["a-1.ts"], "!");
        Assert.NotEqual(id, await IdAsync("x/a", copy));
    }

    [Fact]
    public async Task A_given_swarm_id_is_taken()
    {
        using var folder = Chunks.Folder("a-0.ts");
        Assert.True(SwarmId.TryParse("my swarm", out var id));
        Assert.Equal(id, Chunks.Done(await PublishAsync(Chunks.Request("a") with { SwarmId = id }, folder)).Info.SwarmId);
    }

    [Fact]
    public async Task Requests_that_cannot_be_met_are_refused()
    {
        using var folder = Chunks.Folder("a-0.ts", "b.txt");
        var good = Chunks.Request("a");
        async Task<string> ErrorAsync(PublishRequest request, string path) =>
            Chunks.Error(await new Publisher().PublishAsync(request, path, folder["work"], CancellationToken.None));

        Assert.StartsWith("The name must be segments", await ErrorAsync(good with { Name = "../a" }, folder.Path), StringComparison.Ordinal);
        Assert.Equal("Name at least one tracker.", await ErrorAsync(good with { Trackers = [] }, folder.Path));
        Assert.Equal($"'{folder["none"]}' does not exist; give a folder of chunks or a media file.", await ErrorAsync(good, folder["none"]));
        Assert.Equal(
            "Levels can be asked for only when a media file is published; the chunks of a folder are taken as they are.",
            await ErrorAsync(good with { Levels = [new(16, 16, 1000)] }, folder.Path));
        Assert.Equal("A chunk must play 0.5 to 60 seconds.", await ErrorAsync(good with { ChunkDuration = TimeSpan.FromSeconds(0.4) }, folder["b.txt"]));
        Assert.Equal("A chunk must play 0.5 to 60 seconds.", await ErrorAsync(good with { ChunkDuration = TimeSpan.FromSeconds(61) }, folder["b.txt"]));
        Assert.False(Directory.Exists(folder["work"]));
    }

    [Fact]
    public async Task Files_whose_content_id_makes_no_clip_name_are_refused()
    {
        using var folder = Chunks.Folder("50%-0.ts");
        Assert.Equal(
            "The chunks begin with '50%', so the clip would be called 'a/50%', which is no clip name; rename the files.",
            Chunks.Error(await PublishAsync(Chunks.Request("a"), folder)));
    }

    [Fact]
    public async Task A_media_file_becomes_a_stream_that_says_how_it_plays()
    {
        using var folder = new TempFolder();
        await SourceClips.MakeAsync(folder["source.mkv"], 3, SourceClips.Picture, SourceClips.Sound);
        var request = Chunks.Request("path/film") with
        {
            Levels = [new(256, 144, 300_000), new(128, 72, 100_000)],
            ChunkDuration = TimeSpan.FromSeconds(1),
        };
        var publication = Chunks.Done(await new Publisher().PublishAsync(request, folder["source.mkv"], folder["work"], CancellationToken.None));

        var clip = publication.Info.Clips[0];
        Assert.Equal(("path/film", "mp4a", "avc1", 25.0), (clip.Name, clip.AudioCodec, clip.Video!.Codec, clip.Video.FramesPerSecond));
        Assert.Equal([(128, 72, 0), (256, 144, 1)], clip.Video.Qualities.Select(q => (q.Width, q.Height, q.Level)));
        var low = publication.Chunks.Where(c => c.Chunk.Level.Level == 0).Sum(c => c.Length) * 8 / clip.Duration!.Value.TotalSeconds;
        Assert.Equal(low, clip.Video.Qualities[0].Bitrate!.Value, 1.0);
        Assert.Equal(TimeSpan.FromSeconds(1), clip.Components[0].Segments[0].ChunkDuration);
        Assert.Equal(6, publication.Chunks.Count);
        Assert.All(publication.Chunks, c => Assert.Equal(folder["work"], Path.GetDirectoryName(c.File)));
        await AssertWholeAsync(publication);
    }

    [Fact]
    public async Task Sound_alone_becomes_a_component_of_sound()
    {
        using var folder = new TempFolder();
        await SourceClips.MakeAsync(folder["source.wav"], 3, SourceClips.Sound);
        var publication = Chunks.Done(await new Publisher().PublishAsync(Chunks.Request("tune"), folder["source.wav"], folder["work"], CancellationToken.None));
        var clip = publication.Info.Clips[0];
        Assert.Equal(("audio", "mp4a", null), (Assert.Single(clip.Components).Type, clip.AudioCodec, clip.Video));
        Assert.NotNull(clip.Components[0].Segments[0].Bitrate);
        await AssertWholeAsync(publication);
    }

    /// <summary>Writes the manifest, reads it again, and looks every chunk up by its file's name.</summary>
    internal static async Task AssertWholeAsync(Publication publication)
    {
        var outcome = StreamInfoReader.Read(StreamInfoWriter.Write(publication.Info));
        Assert.True(outcome.TryGet(out var read, out var error), error?.ToString());
        var layout = new ChunkLayout(read);
        Assert.Equal(publication.Chunks.Count, layout.ChunkCount);
        foreach (var chunk in publication.Chunks)
        {
            Assert.True(layout.TryResolve(Path.GetFileName(chunk.File), out var found), chunk.File);
            Assert.Equal(chunk.Chunk, found);
            var bytes = await File.ReadAllBytesAsync(chunk.File);
            Assert.Equal(bytes.Length, chunk.Length);
            Assert.Equal(SHA256.HashData(bytes), layout.HashOf(chunk.Chunk)?.ToArray());
        }
    }

    private static Task<PublishOutcome<Publication>> PublishAsync(PublishRequest request, TempFolder folder) =>
        new Publisher().PublishAsync(request, folder.Path, folder["work"], CancellationToken.None);
}
