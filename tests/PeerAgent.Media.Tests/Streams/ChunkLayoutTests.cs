using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Media.Tests.Streams;

public sealed class ChunkLayoutTests
{
    private static readonly Segment Plain = new() { From = 0, Count = 5 };

    [Theory]
    [InlineData("", false, null, "name-00003.mp4")]
    [InlineData("", true, null, "name-L1-00003.mp4")]
    [InlineData("SVC", true, null, "name-L1-00003.264")]
    [InlineData("MDC", true, null, "name-D1-00003.h264")]
    [InlineData("SVC", true, 2, "name-V2-L1-00003.264")]
    public void Each_kind_of_content_has_its_form_of_name(string codec, bool hasLevels, int? views, string expected)
    {
        var segment = Plain with { Levels = hasLevels ? 2 : 1, HasLevels = hasLevels, Views = views };
        var layout = Layout(Clip("path/name", codec, new Component("video", [segment])));
        var chunk = new ChunkId(new LevelId("path/name", "video", hasLevels ? 1 : 0), 3);

        Assert.Equal(expected, layout.NameOf(chunk));
        Assert.Equal("/path/name/" + expected, layout.PeerPathOf(chunk));
        Assert.True(layout.TryResolve(expected, out var found));
        Assert.Equal(chunk, found);
    }

    [Theory]
    [InlineData("name-00003.ts")]
    [InlineData("name-3.ts")]
    [InlineData("name-0000000003.anything")]
    [InlineData("name-L0-00003.ts")]
    [InlineData("name-D0-3.ts")]
    [InlineData("name-V7-L0-3.ts")]
    [InlineData("path/name-00003.ts")]
    [InlineData("path/name/name-00003.ts")]
    public void Names_are_read_liberally(string path)
    {
        var layout = Layout(Clip("path/name", "", new Component("video", [Plain])));

        Assert.True(layout.TryResolve(path, out var chunk));
        Assert.Equal(new ChunkId(new LevelId("path/name", "video", 0), 3), chunk);
    }

    [Theory]
    [InlineData("name-00005.ts")]
    [InlineData("name-L1-00000.ts")]
    [InlineData("other-00000.ts")]
    [InlineData("other/name-00000.ts")]
    [InlineData("name")]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("path/name/")]
    [InlineData("name-99999999999999999999999.ts")]
    [InlineData("../name-00000.ts")]
    public void What_is_not_in_the_manifest_is_not_found(string path)
    {
        var layout = Layout(Clip("path/name", "", new Component("video", [Plain])));

        Assert.False(layout.TryResolve(path, out _));
    }

    [Fact]
    public void A_bare_name_that_fits_two_clips_needs_the_path()
    {
        var layout = Layout(
            Clip("a/name", "", new Component("video", [Plain])), Clip("b/name", "", new Component("video", [Plain])));

        Assert.False(layout.TryResolve("name-00000.ts", out _));
        Assert.True(layout.TryResolve("b/name-00000.ts", out var chunk));
        Assert.Equal("b/name", chunk.Value.Level.Clip);
    }

    [Fact]
    public void The_extension_chooses_between_picture_and_sound()
    {
        var layout = Layout(Clip(
            "name", "", new Component("video", [Plain with { Extension = "mp4" }]), new Component("audio", [Plain with { Extension = "m4a" }])));

        Assert.True(layout.TryResolve("name-00000.m4a", out var sound));
        Assert.True(layout.TryResolve("name-00000.mp4", out var picture));
        Assert.True(layout.TryResolve("name-00000.aac", out var otherSound));
        Assert.Equal(("audio", "video", "audio"), (sound.Value.Level.Type, picture.Value.Level.Type, otherSound.Value.Level.Type));
        Assert.Equal(("audio/mp4", "video/mp4"), (layout.ContentTypeOf(sound.Value), layout.ContentTypeOf(picture.Value)));
    }

    [Theory]
    [InlineData("name-init-L0-00000.mp4", 2, "name-init-L1-00000.mp4", 1)]
    [InlineData("init.mp4", 1, "init.mp4", 0)]
    public void Initialisation_chunks_are_chunks_of_levels_of_their_own(string init, int count, string name, int level)
    {
        var digest = new byte[ChunkHashes.DigestLength];
        digest[0] = 9;
        var segment = Plain with
        {
            Levels = 2,
            HasLevels = true,
            Init = init,
            Extension = "m4s",
            Hashes = new Dictionary<int, ChunkHashes> { [level] = new(new byte[5 * ChunkHashes.DigestLength], digest) },
        };
        var layout = Layout(Clip("path/name", "", new Component("video", [segment])));
        var chunk = new ChunkId(new LevelId("path/name", "video-init", level), 0);

        Assert.True(layout.TryResolve("path/name/" + name, out var found));
        Assert.Equal(chunk, found);
        Assert.Equal(name, layout.NameOf(chunk));
        Assert.Equal(digest, layout.HashOf(chunk)!.Value.ToArray());
        Assert.Equal(10 + count, layout.ChunkCount);
        Assert.Equal(count, layout.Levels.Count(l => l.Level.Type == "video-init"));
    }

    [Fact]
    public void Hashes_are_found_by_place_in_the_segment()
    {
        var digests = Enumerable.Range(0, 2 * ChunkHashes.DigestLength).Select(i => (byte)i).ToArray();
        var segment = new Segment
        {
            From = 10, Count = 2, IsRange = true, Hashes = new Dictionary<int, ChunkHashes> { [0] = new(digests, null) },
        };
        var layout = Layout(Clip("name", "", new Component("video", [segment])));
        var level = new LevelId("name", "video", 0);

        Assert.Equal(digests[32..], layout.HashOf(new ChunkId(level, 11))!.Value.ToArray());
        Assert.Null(layout.HashOf(new ChunkId(level, 12)));
        Assert.False(layout.Contains(new ChunkId(level, 9)));
        Assert.False(layout.Contains(default));
    }

    [Fact]
    public void Names_with_odd_characters_survive_the_way_through_a_URL()
    {
        var layout = Layout(Clip("ünï cödé/#1?", "", new Component("video", [Plain])));
        var path = layout.PeerPathOf(new ChunkId(new LevelId("ünï cödé/#1?", "video", 0), 0));

        Assert.DoesNotContain('#', path);
        Assert.True(layout.TryResolve(Uri.UnescapeDataString(path[1..]), out _));
    }

    private static Clip Clip(string name, string codec, params Component[] components) => new()
    {
        Name = name,
        Video = codec.Length == 0 ? null : new VideoDescription(codec, 25, []),
        Components = components,
    };

    private static ChunkLayout Layout(params Clip[] clips)
    {
        Assert.True(SwarmId.TryParse("s", out var id));
        return new ChunkLayout(new StreamInfo { SwarmId = id, Trackers = [], Clips = clips });
    }
}
