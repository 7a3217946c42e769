using System.Text;
using System.Text.RegularExpressions;
using PeerAgent.Media.Manifest;
using PeerAgent.Media.Playlist;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Tests.Manifest;

public sealed partial class StreamInfoFuzzTests
{
    private const int Rounds = 1500;

    private static readonly string[] Pieces =
    [
        "<", ">", "/>", "\"", "&", "&#0;", "<!DOCTYPE a>", "<Clip>", "</Clip>", "levels=\"64\"", "-1", "0", "1048576", "9007199254740991",
        "99999999999999999999", "..", "/", "%2e", "\u0000", "\ufeff", "\ud800", "x:init=\"a-L1-1.mp4\"", "x:views=\"2\"", "-L1", "-init", " ",
    ];

    [Fact]
    public void Damaged_bytes_give_a_stream_or_an_error_and_never_an_exception()
    {
        var random = new Random(20111031);
        for (var round = 0; round < Rounds; round++)
        {
            var body = Encoding.UTF8.GetBytes(Source(random));
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            Check(random.Next(8) == 0 ? StreamInfoReaderTests.Gzip(body) : random.Next(8) == 0 ? body[..random.Next(body.Length)] : body);
        }
    }

    [Fact]
    public void Damaged_text_gives_a_stream_that_can_be_used_or_an_error()
    {
        var random = new Random(20111101);
        var read = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var text = new StringBuilder(Source(random));
            for (var i = random.Next(1, 3); i > 0; i--)
            {
                var at = random.Next(text.Length);
                text.Remove(at, Math.Min(random.Next(8), text.Length - at)).Insert(at, Pieces[random.Next(Pieces.Length)]);
            }

            read += Check(Encoding.UTF8.GetBytes(text.ToString())) ? 1 : 0;
        }

        Assert.InRange(read, 30, Rounds);
    }

    [Fact]
    public void Changed_values_give_a_stream_that_can_be_used_or_an_error()
    {
        var random = new Random(20111102);
        var read = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var source = Source(random);
            var values = Values().Matches(source);
            var chosen = values[random.Next(values.Count)];
            var piece = Pieces[random.Next(Pieces.Length)].Replace("<", "&lt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);
            read += Check(Encoding.UTF8.GetBytes($"{source[..chosen.Index]}{piece}{source[(chosen.Index + chosen.Length)..]}")) ? 1 : 0;
        }

        Assert.InRange(read, 30, Rounds);
    }

    [Theory]
    [InlineData("<a>")]
    [InlineData("<a/>")]
    [InlineData("<Clip>")]
    [InlineData("<Segment chunks='1048576' levels='64'/>")]
    [InlineData("<x:ChunkHashes>AAAA</x:ChunkHashes>")]
    [InlineData("&amp;")]
    [InlineData("<!-- -->")]
    public void The_worst_mebibyte_takes_a_bounded_amount_of_memory(string piece)
    {
        const string head = "<StreamInfo><Trackers><Tracker url='http://t'/></Trackers><SwarmID>s</SwarmID><Clip><Name>n</Name><ChunkSegments><Segment chunks='1048576'>";
        var body = Encoding.UTF8.GetBytes(head + string.Concat(Enumerable.Repeat(piece, ((1 << 20) - 1000) / piece.Length)) + "</Segment></ChunkSegments></Clip></StreamInfo>");

        var before = GC.GetAllocatedBytesForCurrentThread();
        Check(body);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128L << 20);
    }

    [GeneratedRegex("(?<=[a-z]=\")[^\"]*|(?<=>)[^<>\\s][^<>]*(?=</)")]
    private static partial Regex Values();

    private static string Source(Random random) => random.Next(4) switch
    {
        0 => Printed.Figure3,
        1 => Printed.Figure4,
        _ => Encoding.UTF8.GetString(StreamInfoWriter.Write(Streams.Make(random))),
    };

    /// <summary>True when the body was read; then names, playlists and the way back must hold.</summary>
    private static bool Check(byte[] body)
    {
        if (!StreamInfoReader.Read(body).TryGet(out var info, out var error))
        {
            Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
            Assert.InRange(error.Message.Length, 20, 400);
            return false;
        }

        var layout = new ChunkLayout(info);
        foreach (var range in layout.Levels)
        {
            Assert.NotEmpty(layout.NameOf(new ChunkId(range.Level, range.From)));
            Assert.NotEmpty(layout.PeerPathOf(new ChunkId(range.Level, range.From + range.Count - 1)));
        }

        if (layout.ChunkCount < 1000)
        {
            HlsPlaylist.Write(layout, HlsPlaylist.IndexName);
            HlsPlaylist.Write(layout, "level-0.m3u8");
        }

        var written = StreamInfoWriter.Write(info);
        Assert.True(StreamInfoReader.Read(written).TryGet(out var back, out var second), second?.Message);
        Assert.Equal(written, StreamInfoWriter.Write(back));
        return true;
    }
}
