using System.Text;
using PeerAgent.Media.Manifest;
using PeerAgent.Media.Playlist;
using PeerAgent.Media.Streams;

namespace PeerAgent.Media.Tests.Playlist;

public sealed class HlsPlaylistTests
{
    [Fact]
    public void A_film_of_one_level_is_listed_at_once()
    {
        var layout = Layout("<Clip><Duration>10.5</Duration><Name>path/na me</Name>"
            + "<ChunkSegments><Segment chunks='3' x:duration='4' x:ext='ts'/></ChunkSegments></Clip>");
        const string expected = """
            #EXTM3U
            #EXT-X-VERSION:3
            #EXT-X-TARGETDURATION:4
            #EXT-X-PLAYLIST-TYPE:VOD
            #EXTINF:4,
            na%20me-00000.ts
            #EXTINF:4,
            na%20me-00001.ts
            #EXTINF:2.5,
            na%20me-00002.ts
            #EXT-X-ENDLIST

            """;

        Assert.Equal(expected, HlsPlaylist.Write(layout, "index.m3u8"));
        Assert.Equal(expected, HlsPlaylist.Write(layout, "level-0.m3u8"));
        AssertNone(layout, "level-1.m3u8", "audio-0.m3u8", "level-00.m3u8", "level-.m3u8", "level--1.m3u8", "level-+0.m3u8", "other.m3u8", "");
    }

    [Fact]
    public void A_film_of_several_levels_has_a_playlist_of_playlists()
    {
        var layout = Layout("<Clip><Name>n</Name><Duration>5</Duration><Video>"
            + "<VideoQuality width='640' height='360' level='0' x:bitrate='800000'/><VideoQuality width='1280' height='720' level='2'/></Video>"
            + "<ChunkSegments><Segment chunks='2' levels='3' x:ext='ts'/></ChunkSegments></Clip>");

        Assert.Equal(
            """
            #EXTM3U
            #EXT-X-VERSION:3
            #EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=640x360
            level-0.m3u8
            #EXT-X-STREAM-INF:BANDWIDTH=560800,RESOLUTION=640x360
            level-1.m3u8
            #EXT-X-STREAM-INF:BANDWIDTH=2043200,RESOLUTION=1280x720
            level-2.m3u8

            """,
            HlsPlaylist.Write(layout, "index.m3u8"));
        Assert.Equal(
            """
            #EXTM3U
            #EXT-X-VERSION:3
            #EXT-X-TARGETDURATION:3
            #EXT-X-PLAYLIST-TYPE:VOD
            #EXTINF:2.5,
            n-L2-00000.ts
            #EXTINF:2.5,
            n-L2-00001.ts
            #EXT-X-ENDLIST

            """,
            HlsPlaylist.Write(layout, "level-2.m3u8"));
        AssertNone(layout, "level-3.m3u8");
    }

    [Fact]
    public void Fragmented_mp4_with_sound_of_its_own_names_the_initialisation_chunks()
    {
        var layout = Layout("<Clip><Name>n</Name><Video/>"
            + "<ChunkSegments type='video'><Segment chunks='1' levels='2' x:duration='6.006' x:bitrate='1000' x:init='n-L0-99999.mp4' x:ext='m4s'/></ChunkSegments>"
            + "<ChunkSegments type='audio'><Segment chunks='1' x:duration='6' x:bitrate='96000' x:init='sound init.mp4' x:ext='m4a'/></ChunkSegments></Clip>");

        Assert.Equal(
            """
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="audio-0",DEFAULT=YES,AUTOSELECT=YES,URI="audio-0.m3u8"
            #EXT-X-STREAM-INF:BANDWIDTH=97000,AUDIO="audio"
            level-0.m3u8
            #EXT-X-STREAM-INF:BANDWIDTH=97000,AUDIO="audio"
            level-1.m3u8

            """,
            HlsPlaylist.Write(layout, "index.m3u8"));
        Assert.Equal(
            """
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-TARGETDURATION:7
            #EXT-X-PLAYLIST-TYPE:VOD
            #EXT-X-MAP:URI="n-L1-99999.mp4"
            #EXTINF:6.006,
            n-L1-00000.m4s
            #EXT-X-ENDLIST

            """,
            HlsPlaylist.Write(layout, "level-1.m3u8"));
        Assert.Equal(
            """
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-TARGETDURATION:6
            #EXT-X-PLAYLIST-TYPE:VOD
            #EXT-X-MAP:URI="sound%20init.mp4"
            #EXTINF:6,
            n-00000.m4a
            #EXT-X-ENDLIST

            """,
            HlsPlaylist.Write(layout, "audio-0.m3u8"));
    }

    [Fact]
    public void A_live_window_has_no_end_and_begins_with_the_number_of_its_first_chunk()
    {
        var layout = Layout("<LiveStream>TRUE</LiveStream><Clip><Duration>1258</Duration><Name>n</Name>"
            + "<ChunkSegments><Segment from='624' to='625' x:ext='ts'/></ChunkSegments></Clip>");

        Assert.Equal(
            """
            #EXTM3U
            #EXT-X-VERSION:3
            #EXT-X-TARGETDURATION:2
            #EXT-X-MEDIA-SEQUENCE:624
            #EXTINF:2,
            n-00624.ts
            #EXTINF:2,
            n-00625.ts

            """,
            HlsPlaylist.Write(layout, "index.m3u8"));
    }

    [Fact]
    public void Clips_follow_each_other_with_the_levels_they_have_in_common()
    {
        var layout = Layout("<Clip><Name>a/n</Name><ChunkSegments><Segment chunks='1' levels='2' x:ext='ts'/></ChunkSegments></Clip>"
            + "<Clip><Name>b/n</Name><ChunkSegments><Segment chunks='1' levels='3' x:ext='ts' x:duration='3'/>"
            + "<Segment from='5' to='5' levels='3' x:ext='ts'/></ChunkSegments></Clip>");

        Assert.Equal(
            """
            #EXTM3U
            #EXT-X-VERSION:3
            #EXT-X-TARGETDURATION:3
            #EXT-X-PLAYLIST-TYPE:VOD
            #EXTINF:2,
            a/n/n-L1-00000.ts
            #EXT-X-DISCONTINUITY
            #EXTINF:3,
            b/n/n-L1-00000.ts
            #EXT-X-DISCONTINUITY
            #EXTINF:2,
            b/n/n-L1-00005.ts
            #EXT-X-ENDLIST

            """,
            HlsPlaylist.Write(layout, "level-1.m3u8"));
        AssertNone(layout, "level-2.m3u8");
    }

    [Theory]
    [InlineData("SVC", "n-L0-00000.264")]
    [InlineData("mdc", "n-D0-00000.h264")]
    public void Of_layers_and_descriptions_the_first_alone_is_offered(string codec, string chunk)
    {
        var layout = Layout($"<Clip><Name>n</Name><Video codec='{codec}'/><ChunkSegments><Segment chunks='1' levels='8'/></ChunkSegments></Clip>");

        Assert.Equal(
            $"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:2,\n{chunk}\n#EXT-X-ENDLIST\n",
            HlsPlaylist.Write(layout, "index.m3u8"));
        AssertNone(layout, "level-1.m3u8");
    }

    [Fact]
    public void Sound_alone_is_a_stream_like_any_other()
    {
        var layout = Layout("<Clip><Name>n</Name><ChunkSegments type='audio'><Segment chunks='1' x:ext='aac'/></ChunkSegments></Clip>");

        Assert.Contains("\nn-00000.aac\n", HlsPlaylist.Write(layout, "index.m3u8"), StringComparison.Ordinal);
        AssertNone(layout, "audio-0.m3u8");
    }

    [Fact]
    public void Clips_without_a_common_kind_have_no_playlist() =>
        AssertNone(
            Layout("<Clip><Name>a</Name><ChunkSegments type='audio'><Segment chunks='1'/></ChunkSegments></Clip>"
                + "<Clip><Name>b</Name><ChunkSegments type='video'><Segment chunks='1'/></ChunkSegments></Clip>"),
            "index.m3u8");

    [Theory]
    [InlineData(49_996, 1, true)]
    [InlineData(49_997, 1, false)]
    [InlineData(49_996, 2, true)]
    [InlineData(49_997, 2, false)]
    public void A_playlist_has_at_most_100000_lines(int chunks, int levels, bool expected)
    {
        var layout = Layout($"<Clip><Name>n</Name><ChunkSegments><Segment chunks='{chunks}' levels='{levels}'/></ChunkSegments></Clip>");

        Assert.Equal(expected, HlsPlaylist.Write(layout, "index.m3u8") is not null);
        var media = HlsPlaylist.Write(layout, "level-0.m3u8");
        Assert.Equal(expected, media is not null);
        Assert.True(media is null || media.Count(c => c == '\n') <= HlsPlaylist.MaxLines);
    }

    [Fact]
    public void A_playlist_is_bounded_in_characters_too() =>
        AssertNone(
            Layout($"<Clip><Name>{new string('\u4e00', 255)}</Name><ChunkSegments><Segment chunks='40000'/></ChunkSegments></Clip>"),
            "index.m3u8");

    [Fact]
    public void Every_line_that_names_a_chunk_leads_back_to_one()
    {
        var layout = Layout("<Clip><Name>a/n</Name><ChunkSegments><Segment chunks='3' levels='2' x:init='i.mp4'/></ChunkSegments></Clip>"
            + "<Clip><Name>b/n</Name><ChunkSegments><Segment chunks='3' levels='2' x:init='i.mp4'/></ChunkSegments></Clip>");
        var lines = HlsPlaylist.Write(layout, "level-1.m3u8")!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var names = lines.Where(l => l[0] != '#').Concat(lines.Where(l => l.Contains("URI=", StringComparison.Ordinal)).Select(l => l.Split('"')[1])).ToList();

        Assert.Equal(8, names.Count);
        Assert.Equal(8, names.Select(n => layout.TryResolve(Uri.UnescapeDataString(n), out var chunk) ? chunk : null).OfType<Ppsp.Protocol.Chunks.ChunkId>().Distinct().Count());
    }

    private static void AssertNone(ChunkLayout layout, params string[] names) =>
        Assert.All(names, n => Assert.Null(HlsPlaylist.Write(layout, n)));

    private static ChunkLayout Layout(string clips)
    {
        var text = $"<StreamInfo><Trackers><Tracker url='http://t'/></Trackers><SwarmID>s</SwarmID>{clips}</StreamInfo>";
        Assert.True(StreamInfoReader.Read(Encoding.UTF8.GetBytes(text)).TryGet(out var info, out var error), error?.Message);
        return new ChunkLayout(info);
    }
}
