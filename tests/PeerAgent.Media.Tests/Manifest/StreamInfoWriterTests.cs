using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeerAgent.Media.Manifest;
using PeerAgent.Media.Streams;

namespace PeerAgent.Media.Tests.Manifest;

public sealed class StreamInfoWriterTests
{
    [Theory]
    [InlineData(Printed.Figure3)]
    [InlineData(Printed.Figure4)]
    public void The_printed_manifests_are_written_as_they_are_printed(string printed)
    {
        StreamInfoReader.Read(Encoding.UTF8.GetBytes(printed)).TryGet(out var info, out _);

        Assert.Equal(printed, Encoding.UTF8.GetString(StreamInfoWriter.Write(info!)));
    }

    [Fact]
    public void Our_additions_are_written_behind_the_printed_ones()
    {
        const string printed = """
            <?xml version="1.0" encoding="utf-8"?>
            <StreamInfo xmlns:x="urn:ppsp-peer:manifest:1" x:private="true">
              <Trackers>
                <Tracker url="http://t" tier="1" />
              </Trackers>
              <SwarmID>s</SwarmID>
              <x:Origin url="http://o/" priority="3" />
              <Clip>
                <Duration>2.5</Duration>
                <Name>n</Name>
                <Video codec="avc1">
                  <VideoQuality width="1" height="2" level="0" x:bitrate="5" />
                </Video>
                <Audio codec="mp4a" />
                <ChunkSegments type="video">
                  <Segment chunks="1" x:duration="2.5" x:bitrate="6" x:init="i" x:ext="mp4" x:views="2">
                    <x:ChunkHashes level="0" algorithm="sha-256" init="AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=">AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</x:ChunkHashes>
                    <x:HashList level="0" algorithm="sha-256" root="AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" name="h" init="AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" />
                  </Segment>
                </ChunkSegments>
              </Clip>
            </StreamInfo>
            """;
        Assert.True(StreamInfoReader.Read(Encoding.UTF8.GetBytes(printed)).TryGet(out var info, out var error), error?.Message);

        Assert.Equal(printed, Encoding.UTF8.GetString(StreamInfoWriter.Write(info)));
    }

    [Fact]
    public void Whatever_is_written_is_read_back_the_same() =>
        Prop.ForAll(Streams.Any.ToArbitrary(), stream =>
        {
            var body = StreamInfoWriter.Write(stream);
            Assert.True(StreamInfoReader.Read(body).TryGet(out var back, out var error), error?.Message);
            Assert.Equal(Plain(stream), Plain(back));
            Assert.Equal(body, StreamInfoWriter.Write(back));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    /// <summary>The parts of a stream, one line each, so that lists and bytes are compared by what is in them.</summary>
    private static List<string> Plain(StreamInfo stream) =>
    [
        $"{stream.SwarmId} {stream.IsLive} {stream.IsPrivate} {stream.UpdateTime}",
        .. stream.Trackers.Select(t => $"{t.Url.OriginalString} {t.Tier}"),
        .. stream.Origins.Select(o => $"{o.Url.OriginalString} {o.Priority}"),
        .. stream.Clips.SelectMany(Plain),
    ];

    private static IEnumerable<string> Plain(Clip clip) =>
    [
        $"{clip.Name} {clip.Duration} {clip.Description} {clip.AudioCodec ?? "none"} {clip.Video?.Codec ?? "none"} {clip.Video?.FramesPerSecond}",
        .. (clip.Video?.Qualities ?? []).Select(q => q.ToString()),
        .. clip.Components.SelectMany(c => c.Segments.SelectMany(s => Plain(c.Type, s))),
    ];

    private static IEnumerable<string> Plain(string type, Segment s) =>
    [
        $"{type} {s.From} {s.Count} {s.Levels} {s.HasLevels} {s.IsRange} {s.ChunkDuration} {s.Bitrate} {s.Init} {s.Extension} {s.Views}",
        .. s.Hashes.OrderBy(h => h.Key).Select(h =>
            $"{h.Key} {Convert.ToHexString(h.Value.All.Span)} {(h.Value.Init is { } init ? Convert.ToHexString(init.Span) : "none")}"),
        .. s.HashLists.Select(l => $"{l.Level} {Convert.ToHexString(l.Root.Span)} {l.Name} {(l.Init is { } init ? Convert.ToHexString(init.Span) : "none")}"),
    ];
}
