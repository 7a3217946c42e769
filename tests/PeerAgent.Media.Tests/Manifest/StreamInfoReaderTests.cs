using System.IO.Compression;
using System.Text;
using PeerAgent.Media.Manifest;
using PeerAgent.Media.Streams;

namespace PeerAgent.Media.Tests.Manifest;

public sealed class StreamInfoReaderTests
{
    [Fact]
    public void The_printed_manifest_of_a_film_is_read()
    {
        var info = Read(Printed.Figure3);

        Assert.Equal("123456abcd", info.SwarmId.Value);
        Assert.Equal(
            [new TrackerReference(new Uri("http://maintracker:80"), 1), new TrackerReference(new Uri("http://othertracker:80"), 2)],
            info.Trackers);
        Assert.False(info.IsLive);
        Assert.Null(info.UpdateTime);
        Assert.False(info.IsPrivate);
        Assert.Empty(info.Origins);
        var clip = Assert.Single(info.Clips);
        Assert.Equal("path/name", clip.Name);
        Assert.Null(clip.Duration);
        Assert.Equal("some description", clip.Description);
        Assert.Equal("SVC", clip.Video!.Codec);
        Assert.Equal(25, clip.Video.FramesPerSecond);
        Assert.Equal([new VideoQuality(720, 1280, 0, null), new VideoQuality(1920, 1080, 3, null)], clip.Video.Qualities);
        Assert.Null(clip.AudioCodec);
        var component = Assert.Single(clip.Components);
        Assert.Equal("video", component.Type);
        var segment = Assert.Single(component.Segments);
        Assert.Equal((0, 150, 8, true, false), (segment.From, segment.Count, segment.Levels, segment.HasLevels, segment.IsRange));
    }

    [Fact]
    public void The_printed_manifest_of_a_live_programme_is_read()
    {
        var info = Read(Printed.Figure4);

        Assert.Equal("654321xyz", info.SwarmId.Value);
        Assert.True(info.IsLive);
        Assert.Equal("06:56:18", info.UpdateTime);
        var clip = Assert.Single(info.Clips);
        Assert.Equal(TimeSpan.FromSeconds(1258), clip.Duration);
        var segment = Assert.Single(Assert.Single(clip.Components).Segments);
        Assert.Equal((624, 628, 5, 10, true), (segment.From, segment.To, segment.Count, segment.Levels, segment.IsRange));
    }

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-16BE", true)]
    public void Unicode_is_read_with_and_without_a_mark_whatever_the_declaration_says(string name, bool mark)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] body = [.. mark ? encoding.Preamble : [], .. encoding.GetBytes(Printed.Figure3.Replace("some", "söme", StringComparison.Ordinal))];

        Assert.Equal("söme description", Read(body).Clips[0].Description);
        Assert.Equal("söme description", Read(Gzip(body)).Clips[0].Description);
    }

    [Fact]
    public void Latin_1_is_read_where_it_is_declared()
    {
        var text = Printed.Figure3.Replace("utf-8", "iso-8859-1", StringComparison.Ordinal).Replace("some", "söme", StringComparison.Ordinal);

        Assert.Equal("söme description", Read(Encoding.Latin1.GetBytes(text)).Clips[0].Description);
    }

    [Fact]
    public void Names_in_other_spellings_are_read()
    {
        var info = Read("""
            <y:StreamInfo xmlns:y="urn:else" X:Private="1" xmlns:X="urn:ppsp-peer:manifest:1" further="1">
              <Other><Clip/></Other>
              <Clip>
                <ChunkIndex TYPE="Video"><ChunkSegment FROM="5" To="9"/><Segment from="0" to="4" X:duration="2.5"/></ChunkIndex>
                <ChunkSegments type="audio"><Segment Chunks="3"/></ChunkSegments>
                <Audio CODEC="mp4a.40.2"/>
                <Name>
                  path/name
                </Name>
              </Clip>
              <LiveStream>true</LiveStream>
              <SwarmID><![CDATA[a<b]]></SwarmID>
              <y:Trackers><Tracker URL="https://host/path"/></y:Trackers>
            </y:StreamInfo>
            """);

        Assert.Equal("a<b", info.SwarmId.Value);
        Assert.True(info.IsLive);
        Assert.True(info.IsPrivate);
        Assert.Equal([new TrackerReference(new Uri("https://host/path"), 1)], info.Trackers);
        var clip = Assert.Single(info.Clips);
        Assert.Equal("path/name", clip.Name);
        Assert.Equal("mp4a.40.2", clip.AudioCodec);
        Assert.Equal(["video", "audio"], clip.Components.Select(c => c.Type));
        Assert.Equal([0, 5], clip.Components[0].Segments.Select(s => s.From));
        Assert.Equal(TimeSpan.FromSeconds(2.5), clip.Components[0].Segments[0].ChunkDuration);
        Assert.Equal((1, false), (clip.Components[0].Segments[0].Levels, clip.Components[0].Segments[0].HasLevels));
    }

    [Fact]
    public void Our_additions_are_read_even_where_their_prefix_is_not_declared()
    {
        var digests = Enumerable.Range(0, 64).Select(i => (byte)i).ToArray();
        var info = Read($"""
            <StreamInfo x:private="true">
              <Trackers><Tracker url="http://t"/></Trackers><SwarmID>s</SwarmID>
              <x:Origin url="http://second/base" priority="2"/><x:Origin url="http://first/"/>
              <Clip><Name>n</Name>
                <Video><VideoQuality width="1" height="2" level="0" x:bitrate="800000"/></Video>
                <ChunkSegments>
                  <Segment chunks="2" levels="2" x:duration="4" x:bitrate="900000" x:init="init.mp4" x:ext="m4s" x:views="2">
                    <x:ChunkHashes level="1" algorithm="SHA-256" init="{Convert.ToBase64String(digests.AsSpan(32))}">
                      {Convert.ToBase64String(digests)}
                    </x:ChunkHashes>
                    <x:HashList level="0" root="{Convert.ToBase64String(digests.AsSpan(0, 32))}" name="n-L0.hashes"/>
                  </Segment>
                </ChunkSegments>
              </Clip>
            </StreamInfo>
            """);

        Assert.True(info.IsPrivate);
        Assert.Equal([("http://first/", 1), ("http://second/base/", 2)], info.Origins.Select(o => (o.Url.AbsoluteUri, o.Priority)));
        Assert.Equal(800000, info.Clips[0].Video!.Qualities[0].Bitrate);
        var segment = info.Clips[0].Components[0].Segments[0];
        Assert.Equal((TimeSpan.FromSeconds(4), 900000, "init.mp4", "m4s", 2), (segment.ChunkDuration, segment.Bitrate, segment.Init, segment.Extension, segment.Views));
        Assert.Equal(digests, Assert.Single(segment.Hashes).Value.All.ToArray());
        Assert.Equal(digests[32..], segment.Hashes[1].Init!.Value.ToArray());
        Assert.Equal(digests[..32], Assert.Single(segment.HashLists).Root.ToArray());
        Assert.Equal("n-L0.hashes", segment.HashLists[0].Name);
    }

    [Fact]
    public void Hashes_without_one_for_the_initialisation_chunk_promise_none()
    {
        var info = Read($"""
            <StreamInfo><Trackers><Tracker url="http://t"/></Trackers><SwarmID>s</SwarmID>
              <Clip><Name>n</Name><ChunkSegments>
                <Segment chunks="1" x:init="i"><x:ChunkHashes>{Convert.ToBase64String(new byte[32])}</x:ChunkHashes></Segment>
              </ChunkSegments></Clip>
            </StreamInfo>
            """);
        var layout = new ChunkLayout(info);

        Assert.True(layout.TryResolve("i", out var init));
        Assert.Null(layout.HashOf(init.Value));
    }

    internal static byte[] Gzip(byte[] body)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
        {
            gzip.Write(body);
        }

        return target.ToArray();
    }

    private static StreamInfo Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    private static StreamInfo Read(byte[] body)
    {
        var outcome = StreamInfoReader.Read(body);
        Assert.True(outcome.TryGet(out var info, out var error), error?.Message);
        return info;
    }
}
