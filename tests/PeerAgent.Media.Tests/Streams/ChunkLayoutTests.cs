using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Media.Tests.Streams;

public sealed class ChunkLayoutTests
{
    /// <summary>The examples of section 3.6 of the draft are among them; its four digits for MDC are read, not written.</summary>
    [Theory]
    [InlineData("", false, "film-00003.mp4")]
    [InlineData("avc1", true, "film-L1-00003.mp4")]
    [InlineData("SVC", true, "film-L1-00003.264")]
    [InlineData("MDC", true, "film-D1-00003.h264")]
    [InlineData("svc", false, "film-L0-00003.264")]
    [InlineData("mdc", false, "film-D0-00003.h264")]
    public void The_name_of_a_chunk_follows_codec_and_levels(string codec, bool hasLevels, string name)
    {
        var layout = Layout(Clip("path/film", codec, new Segment { From = 0, Count = 9, Levels = hasLevels ? 2 : 1, HasLevels = hasLevels }));
        var chunk = Chunk("path/film", "video", hasLevels ? 1 : 0, 3);

        Assert.Equal(name, layout.NameOf(chunk));
        Assert.Equal($"/path/film/{name}", layout.PeerPathOf(chunk));
        Assert.Equal(chunk, Resolve(layout, name));
    }

    [Fact]
    public void Views_and_a_given_extension_are_part_of_the_name()
    {
        var layout = Layout(Clip("film", "MDC", new Segment { From = 0, Count = 9, Levels = 4, HasLevels = true, Views = 2, Extension = "ts" }));

        Assert.Equal("film-V2-D3-00008.ts", layout.NameOf(Chunk("film", "video", 3, 8)));
        Assert.Equal("video/mp2t", layout.ContentTypeOf(Chunk("film", "video", 3, 8)));
        Assert.Equal(Chunk("film", "video", 3, 8), Resolve(layout, "film-D3-8.ts"));
        Assert.Null(Resolve(layout, "film-V3-D3-00008.ts"));
    }

    [Theory]
    [InlineData("film-L0-00005.ts", 0, 5)]
    [InlineData("film-L2-5.ts", 2, 5)]
    [InlineData("film-L2-0000000005.mp4", 2, 5)]
    [InlineData("film-D2-0005.h264", 2, 5)]
    [InlineData("film-00005.ts", 0, 5)]
    [InlineData("film-V7-L0-5.anything", 0, 5)]
    [InlineData("path/film-L1-00015.ts", 1, 15)]
    [InlineData("path/film/film-L1-00000.ts", 1, 0)]
    public void Names_are_read_liberally(string path, int level, long index) =>
        Assert.Equal(Chunk("path/film", "video", level, index), Resolve(Plain(), path));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("film")]
    [InlineData("film-L0-00016.ts")]
    [InlineData("film-L3-00000.ts")]
    [InlineData("film-L0--0001.ts")]
    [InlineData("movie-L0-00000.ts")]
    [InlineData("FILM-L0-00000.ts")]
    [InlineData("/film-L0-00000.ts")]
    [InlineData("other/film-L0-00000.ts")]
    [InlineData("path/film/deeper/film-L0-00000.ts")]
    [InlineData("path/film/")]
    [InlineData("../film-L0-00000.ts")]
    [InlineData("path\\film-L0-00000.ts")]
    [InlineData("film-L0-99999999999999999999.ts")]
    [InlineData("film-L0-00000")]
    public void What_is_not_a_name_of_the_stream_is_not_found(string path) => Assert.Null(Resolve(Plain(), path));

    [Fact]
    public void Clips_that_end_alike_need_the_path()
    {
        var segment = new Segment { From = 0, Count = 4 };
        var layout = Layout(Clip("a/film", "", segment), Clip("b/film", "", segment), Clip("a/film/film", "", segment), Clip("intro", "", segment));

        Assert.Null(Resolve(layout, "film-00001.mp4"));
        Assert.Equal(Chunk("b/film", "video", 0, 1), Resolve(layout, "b/film-00001.mp4"));
        Assert.Equal(Chunk("b/film", "video", 0, 1), Resolve(layout, "b/film/film-00001.mp4"));
        Assert.Equal(Chunk("intro", "video", 0, 1), Resolve(layout, "intro-00001.mp4"));
        foreach (var clip in layout.Stream.Clips)
        {
            var chunk = Chunk(clip.Name, "video", 0, 2);
            Assert.Equal(chunk, Resolve(layout, layout.PeerPathOf(chunk)[1..]));
        }
    }

    [Fact]
    public void The_extension_tells_sound_from_picture()
    {
        var clip = Clip("film", "SVC", new Segment { From = 0, Count = 4, Levels = 2, HasLevels = true });
        var layout = Layout(clip with { Components = [.. clip.Components, new Component("audio", [new Segment { From = 0, Count = 8 }])] });

        Assert.Equal("film-00007.m4a", layout.NameOf(Chunk("film", "audio", 0, 7)));
        Assert.Equal("audio/mp4", layout.ContentTypeOf(Chunk("film", "audio", 0, 7)));
        Assert.Equal(Chunk("film", "audio", 0, 7), Resolve(layout, "film-00007.m4a"));
        Assert.Equal(Chunk("film", "audio", 0, 7), Resolve(layout, "film-00007.AAC"));
        Assert.Equal(Chunk("film", "video", 1, 3), Resolve(layout, "film-L1-00003.264"));
        Assert.Equal(Chunk("film", "video", 1, 3), Resolve(layout, "film-L1-00003.unknown"));
        Assert.Null(Resolve(layout, "film-00007.264"));
        Assert.Equal(16, layout.ChunkCount);
    }

    [Fact]
    public void Components_with_the_same_extension_still_have_names_of_their_own()
    {
        var segment = new Segment { From = 0, Count = 4, Extension = "ts" };
        var clip = Clip("film", "", segment);
        var layout = Layout(clip with
        {
            Components = [.. clip.Components, new("audio", [segment]), new("camera 2", [segment]), new("camera-2", [segment])],
        });

        var chunks = layout.Levels.Select(l => new ChunkId(l.Level, 3)).ToList();

        Assert.Equal(["film-00003.ts", "film-00003.audio", "film-00003.camera2", "film-00003.camera2-2"], chunks.Select(layout.NameOf));
        Assert.All(chunks, c => Assert.Equal(c, Resolve(layout, layout.NameOf(c))));
        Assert.Equal("video/mp2t", layout.ContentTypeOf(chunks[1]));
    }

    [Theory]
    [InlineData("film-init-L0-00000.mp4", 3, "film-init-L2-00000.mp4", "film-init-L2-0.m4s", 2)]
    [InlineData("film-init-00000.mp4", 1, "film-init-00000.mp4", "film-init-0.mp4", 0)]
    [InlineData("init.mp4", 1, "init.mp4", "path/film/init.mp4", 0)]
    public void An_initialisation_chunk_is_chunk_0_of_a_level_of_its_own(string init, int count, string name, string alike, int level)
    {
        var layout = Layout(Clip("path/film", "", new Segment { From = 0, Count = 4, Levels = 3, HasLevels = true, Init = init, ChunkDuration = TimeSpan.FromSeconds(2) }));
        var chunk = Chunk("path/film", "video-init", level, 0);

        Assert.Equal(count, layout.Levels.Count(l => l.Level.Type == "video-init"));
        Assert.Equal(name, layout.NameOf(chunk));
        Assert.Equal(chunk, Resolve(layout, name));
        Assert.Equal(chunk, Resolve(layout, alike));
        Assert.Equal("video/mp4", layout.ContentTypeOf(chunk));
        Assert.Null(layout.DurationOf(chunk));
        Assert.Equal(12 + count, layout.ChunkCount);
        Assert.False(layout.Contains(Chunk("path/film", "video-init", count, 0)));
        Assert.False(layout.Contains(Chunk("path/film", "video-init", level, 1)));
    }

    [Fact]
    public void Ranges_of_a_live_window_keep_their_numbers()
    {
        var layout = Layout(Clip("live", "", new Segment { From = 624, Count = 5, IsRange = true }, new Segment { From = 700, Count = 2, Levels = 2, HasLevels = true }));

        Assert.Equal(
            [new LevelRange(new LevelId("live", "video", 0), 624, 5), new(new("live", "video", 0), 700, 2), new(new("live", "video", 1), 700, 2)],
            layout.Levels);
        Assert.True(layout.Contains(Chunk("live", "video", 0, 628)));
        Assert.False(layout.Contains(Chunk("live", "video", 0, 629)));
        Assert.False(layout.Contains(Chunk("live", "video", 1, 628)));
        Assert.True(layout.Contains(Chunk("live", "video", 1, 701)));
        Assert.Equal("live-L0-00701.mp4", layout.NameOf(Chunk("live", "video", 0, 701)));
    }

    [Fact]
    public void The_digest_is_that_of_the_chunks_place_in_its_range()
    {
        var digests = Enumerable.Range(0, 64).Select(i => (byte)i).ToArray();
        var init = Enumerable.Repeat((byte)9, 32).ToArray();
        var layout = Layout(Clip("film", "", new Segment
        {
            From = 10,
            Count = 3,
            Init = "init.mp4",
            Hashes = new Dictionary<int, ChunkHashes> { [0] = new(digests, init) },
        }));

        Assert.Equal(digests[32..], layout.HashOf(Chunk("film", "video", 0, 11))!.Value.ToArray());
        Assert.Equal(init, layout.HashOf(Chunk("film", "video-init", 0, 0))!.Value.ToArray());
        Assert.Null(layout.HashOf(Chunk("film", "video", 0, 12)));
        Assert.Null(layout.HashOf(Chunk("film", "video", 0, 9)));
        Assert.Null(new ChunkHashes(digests, null).Init);
    }

    [Fact]
    public void Paths_for_peers_are_percent_encoded_segment_by_segment()
    {
        var layout = Layout(Clip("my films/ä & b", "", new Segment { From = 0, Count = 1 }));

        Assert.Equal("/my%20films/%C3%A4%20%26%20b/%C3%A4%20%26%20b-00000.mp4", layout.PeerPathOf(Chunk("my films/ä & b", "video", 0, 0)));
    }

    [Theory]
    [InlineData("ünï cödé/#1?")]
    [InlineData("a+b;c=d/e@f:g")]
    public void Odd_characters_survive_the_way_through_a_URL(string clip)
    {
        var layout = Layout(Clip(clip, "", new Segment { From = 0, Count = 1 }));
        var url = new Uri("http://localhost" + layout.PeerPathOf(Chunk(clip, "video", 0, 0)));

        Assert.Equal(Chunk(clip, "video", 0, 0), Resolve(layout, Uri.UnescapeDataString(url.AbsolutePath[1..])));
    }

    [Fact]
    public void A_chunk_that_the_stream_does_not_have_has_no_name()
    {
        Assert.Throws<ArgumentException>(() => Plain().NameOf(Chunk("path/film", "video", 0, 16)));
        Assert.Throws<ArgumentException>(() => Plain().NameOf(Chunk("path/film", "audio", 0, 0)));
        Assert.False(Plain().Contains(default));
        Assert.False(Plain().Contains(Chunk("path/film", "video", -1, 0)));
    }

    /// <summary>A million chunks cost no more to lay out than one.</summary>
    [Fact]
    public void Nothing_is_allocated_by_the_number_of_chunks()
    {
        var info = Stream(Clip("film", "", new Segment { From = 0, Count = ChunkMap.MaxLength, Levels = 4, HasLevels = true }));
        _ = new ChunkLayout(info);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var layout = new ChunkLayout(info);

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 16_384);
        Assert.Equal(4L * ChunkMap.MaxLength, layout.ChunkCount);
    }

    private static ChunkLayout Plain() =>
        Layout(Clip("path/film", "", new Segment { From = 0, Count = 16, Levels = 3, HasLevels = true, Extension = "ts" }));

    private static ChunkId? Resolve(ChunkLayout layout, string path) => layout.TryResolve(path, out var chunk) ? chunk : null;

    private static ChunkId Chunk(string clip, string type, int level, long index) => new(new LevelId(clip, type, level), index);

    private static Clip Clip(string name, string codec, params Segment[] segments) => new()
    {
        Name = name,
        Video = codec.Length == 0 ? null : new VideoDescription(codec, null, []),
        Components = [new Component("video", segments)],
    };

    private static ChunkLayout Layout(params Clip[] clips) => new(Stream(clips));

    private static StreamInfo Stream(params Clip[] clips)
    {
        Assert.True(SwarmId.TryParse("swarm", out var swarm));
        return new StreamInfo { SwarmId = swarm, Trackers = [new TrackerReference(new Uri("http://127.0.0.1:1/"), 1)], Clips = clips };
    }
}
