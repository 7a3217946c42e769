using System.Text;
using PeerAgent.Media.Manifest;

namespace PeerAgent.Media.Tests.Manifest;

public sealed class StreamInfoErrorTests
{
    private const string Text = """
        <StreamInfo xmlns:x="urn:ppsp-peer:manifest:1">
          <Trackers>
            <Tracker url="http://tracker"/>
          </Trackers>
          <SwarmID>swarm</SwarmID>
          <x:Origin url="http://origin"/>
          <Clip>
            <Name>path/name</Name>
            <Duration>10</Duration>
            <Video fps="25">
              <VideoQuality width="16" height="9"/>
            </Video>
            <ChunkSegments type="video">
              <Segment chunks="3" levels="2" x:duration="1" x:bitrate="1" x:init="i" x:ext="ts" x:views="1"/>
            </ChunkSegments>
          </Clip>
        </StreamInfo>
        """;

    private const string Path =
        "a path of at most 256 characters without empty or dot segments, backslashes, percent escapes and control characters was expected.";

    private const string File = "a file name without slashes, dot segments, percent escapes and control characters was expected.";
    private const string Url = "'url' is not as it should be; an absolute http or https URL without user name or password was expected.";

    [Theory]
    [InlineData("<SwarmID>swarm</SwarmID>", "", "Line 1, column 2: there is no 'SwarmID'; one was expected.")]
    [InlineData("<SwarmID>swarm<", "<SwarmID> <", "Line 5, column 4: 'SwarmID' is ''; an identifier of 1 to 256 characters without control characters was expected.")]
    [InlineData("<SwarmID>swarm<", "<SwarmID>a&#9;b<", "Line 5, column 4: 'SwarmID' is 'a?b'; an identifier of 1 to 256 characters without control characters was expected.")]
    [InlineData("</SwarmID>", "</SwarmID><SwarmID>t</SwarmID>", "Line 5, column 28: 'SwarmID' is there twice; once was expected.")]
    [InlineData("<Tracker url=\"http://tracker\"/>", "", "Line 2, column 4: there is no 'Tracker' in 'Trackers'; at least one was expected.")]
    [InlineData("Trackers>", "Others>", "Line 1, column 2: there is no 'Trackers'; at least one tracker was expected.")]
    [InlineData("<Tracker url=\"http://tracker\"", "<Tracker", "Line 3, column 6: 'url' is missing in 'Tracker'.")]
    [InlineData("http://tracker", "/tracker", $"Line 3, column 14: {Url}")]
    [InlineData("http://tracker", "ftp://tracker", $"Line 3, column 14: {Url}")]
    [InlineData("http://tracker", "http://user:secret@tracker", $"Line 3, column 14: {Url}")]
    [InlineData("\"http://tracker\"", "\"http://tracker\" tier='0'", "Line 3, column 35: 'tier' is '0'; a whole number from 1 to 2147483647 was expected.")]
    [InlineData("http://origin", "origin", $"Line 6, column 13: {Url}")]
    [InlineData("http://origin", "file:///etc", $"Line 6, column 13: {Url}")]
    [InlineData("http://origin", "http://u@origin", $"Line 6, column 13: {Url}")]
    [InlineData("http://origin", "http://origin/?a=b", "Line 6, column 13: 'url' has a query or fragment; a URL to which chunk names can be added was expected.")]
    [InlineData("<SwarmID>", "<LiveStream>maybe</LiveStream><SwarmID>", "Line 5, column 4: 'LiveStream' is 'maybe'; TRUE or FALSE was expected.")]
    [InlineData("<StreamInfo ", "<StreamInfo x:private='no' ", "Line 1, column 13: 'x:private' is 'no'; TRUE or FALSE was expected.")]
    [InlineData("Clip>", "Clop>", "Line 1, column 2: there is no 'Clip'; at least one was expected.")]
    [InlineData("<Name>path/name</Name>", "", "Line 7, column 4: a 'Clip' has no 'Name'; one such as path/name was expected.")]
    [InlineData("path/name", "/name", $"Line 8, column 6: 'Name' is '/name'; {Path}")]
    [InlineData("path/name", "path/", $"Line 8, column 6: 'Name' is 'path/'; {Path}")]
    [InlineData("path/name", "path//name", $"Line 8, column 6: 'Name' is 'path//name'; {Path}")]
    [InlineData("path/name", "../name", $"Line 8, column 6: 'Name' is '../name'; {Path}")]
    [InlineData("path/name", "./name", $"Line 8, column 6: 'Name' is './name'; {Path}")]
    [InlineData("path/name", "path\\name", $"Line 8, column 6: 'Name' is 'path\\name'; {Path}")]
    [InlineData("path/name", "path/%2e%2e", $"Line 8, column 6: 'Name' is 'path/%2e%2e'; {Path}")]
    [InlineData("path/name", "path/a&#10;b", $"Line 8, column 6: 'Name' is 'path/a?b'; {Path}")]
    [InlineData("path/name", "", $"Line 8, column 6: 'Name' is ''; {Path}")]
    [InlineData("path/name", "path/name-L1", "Line 8, column 6: 'Name' is 'path/name-L1'; a name that does not end like a level or view (-L1, -D1, -V2) was expected.")]
    [InlineData("<Duration>10", "<Duration>-1", "Line 9, column 6: 'Duration' is '-1'; a number of seconds from 0 to 1000000000 was expected.")]
    [InlineData("<Duration>10", "<Duration>1e9", "Line 9, column 6: 'Duration' is '1e9'; a number of seconds from 0 to 1000000000 was expected.")]
    [InlineData("fps=\"25\"", "fps=\"fast\"", "Line 10, column 12: 'fps' is 'fast'; a number from 0.001 to 1000 was expected.")]
    [InlineData("width=\"16\"", "width=\"0\"", "Line 11, column 21: 'width' is '0'; a whole number from 1 to 65535 was expected.")]
    [InlineData("height=\"9\"", "height=\"-9\"", "Line 11, column 32: 'height' is '-9'; a whole number from 1 to 65535 was expected.")]
    [InlineData("height=\"9\"", "height=\"9\" x:bitrate=\"0\"", "Line 11, column 43: 'x:bitrate' is '0'; a whole number from 1 to 1000000000000 was expected.")]
    [InlineData("ChunkSegments", "Chunks", "Line 7, column 4: a 'Clip' has no 'ChunkSegments'; at least one was expected.")]
    [InlineData("<Segment ", "<Part ", "Line 13, column 6: there is no 'Segment' in 'ChunkSegments'; at least one was expected.")]
    [InlineData("type=\"video\"", "type=\"video-init\"", "Line 13, column 20: 'type' is 'video-init'; a type that does not end in -init or -hashes was expected.")]
    [InlineData("type=\"video\"", "type=\"video-Hashes\"", "Line 13, column 20: 'type' is 'video-Hashes'; a type that does not end in -init or -hashes was expected.")]
    [InlineData("type=\"video\"", "type=\"video&#10;\u0085x\"", "Line 13, column 20: 'type' is 'video??x'; a text of at most 32 characters without control characters was expected.")]
    [InlineData("</Clip>", "<ChunkIndex type='VIDEO'><Segment chunks='1'/></ChunkIndex></Clip>", "Line 16, column 4: there are two 'ChunkSegments' of type 'video' in a clip; one was expected.")]
    [InlineData("</Clip>", "</Clip><Clip><Name>path/name</Name><ChunkIndex><Segment chunks='1'/></ChunkIndex></Clip>", "Line 16, column 11: there are two clips with the name 'path/name'; distinct names were expected.")]
    [InlineData("chunks=\"3\"", "chunks=\"-3\"", "Line 14, column 16: 'chunks' is '-3'; a whole number from 1 to 1048576 was expected.")]
    [InlineData("chunks=\"3\"", "chunks=\"0\"", "Line 14, column 16: 'chunks' is '0'; a whole number from 1 to 1048576 was expected.")]
    [InlineData("chunks=\"3\"", "chunks=\"1048577\"", "Line 14, column 16: 'chunks' is '1048577'; a whole number from 1 to 1048576 was expected.")]
    [InlineData("chunks=\"3\"", "chunks=\"99999999999999999999\"", "Line 14, column 16: 'chunks' is '99999999999999999999'; a whole number from 1 to 1048576 was expected.")]
    [InlineData("chunks=\"3\"", "", "Line 14, column 8: the segment has neither 'chunks' nor 'from' and 'to'; one way to say it was expected.")]
    [InlineData("chunks=\"3\"", "from=\"3\"", "Line 14, column 8: the segment has neither 'chunks' nor 'from' and 'to'; one way to say it was expected.")]
    [InlineData("chunks=\"3\"", "chunks=\"3\" from=\"0\"", "Line 14, column 16: the segment has 'chunks' and 'from' or 'to'; one way to say it was expected.")]
    [InlineData("chunks=\"3\"", "from=\"3\" to=\"2\"", "Line 14, column 25: 'to' is '2'; a number from 3 to 1048578 was expected.")]
    [InlineData("chunks=\"3\"", "from=\"0\" to=\"1048576\"", "Line 14, column 25: 'to' is '1048576'; a number from 0 to 1048575 was expected.")]
    [InlineData("chunks=\"3\"", "from=\"0\" to=\"9007199254740992\"", "Line 14, column 25: 'to' is '9007199254740992'; a whole number from 0 to 9007199254740991 was expected.")]
    [InlineData("chunks=\"3\"", "from=\"9007199254740992\" to=\"0\"", "Line 14, column 16: 'from' is '9007199254740992'; a whole number from 0 to 9007199254740991 was expected.")]
    [InlineData("levels=\"2\"", "levels=\"0\"", "Line 14, column 27: 'levels' is '0'; a whole number from 1 to 64 was expected.")]
    [InlineData("levels=\"2\"", "levels=\"65\"", "Line 14, column 27: 'levels' is '65'; a whole number from 1 to 64 was expected.")]
    [InlineData("x:duration=\"1\"", "x:duration=\"0\"", "Line 14, column 38: 'x:duration' is '0'; a number of seconds above 0 and at most 86400 was expected.")]
    [InlineData("x:duration=\"1\"", "x:duration=\"86401\"", "Line 14, column 38: 'x:duration' is '86401'; a number of seconds above 0 and at most 86400 was expected.")]
    [InlineData("x:bitrate=\"1\"", "x:bitrate=\"0\"", "Line 14, column 53: 'x:bitrate' is '0'; a whole number from 1 to 1000000000000 was expected.")]
    [InlineData("x:init=\"i\"", "x:init=\"a/b\"", $"Line 14, column 67: 'x:init' is 'a/b'; {File}")]
    [InlineData("x:init=\"i\"", "x:init=\"..\"", $"Line 14, column 67: 'x:init' is '..'; {File}")]
    [InlineData("x:init=\"i\"", "x:init=\"a\\b\"", $"Line 14, column 67: 'x:init' is 'a\\b'; {File}")]
    [InlineData("x:ext=\"ts\"", "x:ext=\"t.s\"", "Line 14, column 78: 'x:ext' is 't.s'; 1 to 16 letters and digits was expected.")]
    [InlineData("x:ext=\"ts\"", "x:ext=\"\"", "Line 14, column 78: 'x:ext' is ''; 1 to 16 letters and digits was expected.")]
    [InlineData("x:views=\"1\"", "x:views=\"0\"", "Line 14, column 89: 'x:views' is '0'; a whole number from 1 to 999 was expected.")]
    [InlineData("x:views=\"1\"", "x:views=\"1000\"", "Line 14, column 89: 'x:views' is '1000'; a whole number from 1 to 999 was expected.")]
    [InlineData("</ChunkSegments>", "<Segment from='2' to='4'/></ChunkSegments>", "Line 15, column 6: the segment begins at 2, within another one; segments without overlap were expected.")]
    [InlineData("chunks=\"3\" levels=\"2\"", "chunks=\"1048576\" levels=\"5\"", "Line 14, column 8: chunks times levels are more than 4194304 in the whole manifest.")]
    public void What_is_wrong_is_told_with_its_place(string old, string wrong, string message)
    {
        Assert.Contains(old, Text, StringComparison.Ordinal);
        Assert.True(StreamInfoReader.Read(Encoding.UTF8.GetBytes(Text)).TryGet(out _, out _));

        Refused(ManifestErrorKind.Malformed, message, Text.Replace(old, wrong, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("<x:ChunkHashes>AAAA</x:ChunkHashes>", "'ChunkHashes' holds 3 bytes; the base64 text of 96 bytes was expected.")]
    [InlineData("<x:ChunkHashes>!</x:ChunkHashes>", "'ChunkHashes' is not base64; the base64 text of 96 bytes was expected.")]
    [InlineData("<x:ChunkHashes/>", "'ChunkHashes' holds 0 bytes; the base64 text of 96 bytes was expected.")]
    [InlineData("<x:ChunkHashes level='2'>{96}</x:ChunkHashes>", "'level' is '2'; a whole number from 0 to 1 was expected.")]
    [InlineData("<x:ChunkHashes algorithm='md5'>{96}</x:ChunkHashes>", "'algorithm' is 'md5'; 'sha-256' was expected.")]
    [InlineData("<x:ChunkHashes init='AAAA'>{96}</x:ChunkHashes>", "'init' holds 3 bytes; the base64 text of 32 bytes was expected.")]
    [InlineData("<x:ChunkHashes>{96}</x:ChunkHashes><x:ChunkHashes>{96}</x:ChunkHashes>", "there are two 'ChunkHashes' for level 0; one was expected.")]
    [InlineData("<x:HashList name='n'/>", "'root' is missing in 'HashList'.")]
    [InlineData("<x:HashList root='{32}'/>", "'name' is missing in 'HashList'.")]
    [InlineData("<x:HashList root='{96}' name='n'/>", "'root' holds 96 bytes; the base64 text of 32 bytes was expected.")]
    [InlineData("<x:HashList root='{32}' name='a/b'/>", $"'name' is 'a/b'; {File}")]
    [InlineData("<x:HashList root='{32}' name='a%2Fb'/>", $"'name' is 'a%2Fb'; {File}")]
    [InlineData("<x:HashList level='2' root='{32}' name='n'/>", "'level' is '2'; a whole number from 0 to 1 was expected.")]
    [InlineData("<x:HashList algorithm='sha-1' root='{32}' name='n'/>", "'algorithm' is 'sha-1'; 'sha-256' was expected.")]
    [InlineData("<x:HashList root='{32}' name='n'/><x:HashList root='{32}' name='m'/>", "there are two 'HashList' for level 0; one was expected.")]
    [InlineData("<x:HashList root='{32}' name='n' init='AAAA'/>", "'init' holds 3 bytes; the base64 text of 32 bytes was expected.")]
    [InlineData("<x:HashList root='{32}' name='n'/><x:HashList level='1' root='{32}' name='n'/>", "two 'HashList' are called 'n'; a name of its own was expected for each.")]
    public void Wrong_hashes_are_told(string hashes, string message)
    {
        var text = Text.Replace("x:views=\"1\"/>", $">\n{hashes}</Segment>", StringComparison.Ordinal)
            .Replace("{96}", Convert.ToBase64String(new byte[96]), StringComparison.Ordinal)
            .Replace("{32}", Convert.ToBase64String(new byte[32]), StringComparison.Ordinal);

        var error = Refused(ManifestErrorKind.Malformed, null, text);
        Assert.StartsWith("Line 15, column ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(": " + message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<Tracker url=\"http://tracker\"/>", 32, "there are more than 32 elements 'Tracker' in 'Trackers'.")]
    [InlineData("<x:Origin url=\"http://origin\"/>", 16, "there are more than 16 elements 'Origin' in 'StreamInfo'.")]
    [InlineData("<VideoQuality width=\"16\" height=\"9\"/>", 64, "there are more than 64 elements 'VideoQuality' in 'Video'.")]
    public void As_many_as_allowed_are_read_and_one_more_is_refused(string element, int max, string message)
    {
        var rest = Text.Replace(element, "{0}", StringComparison.Ordinal);

        Assert.True(Outcome(Many(max)).TryGet(out _, out _));
        Assert.EndsWith(message, Refused(ManifestErrorKind.Malformed, null, Many(max + 1)).Message, StringComparison.Ordinal);

        string Many(int count) => rest.Replace("{0}", string.Concat(Enumerable.Repeat(element, count)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 64, null)]
    [InlineData(1, 65, "there are more than 64 elements 'Segment' in 'ChunkSegments'.")]
    [InlineData(4, 64, null)]
    [InlineData(5, 52, "there are more than 256 segments in the manifest.")]
    [InlineData(64, 1, null)]
    [InlineData(65, 1, "there are more than 64 elements 'Clip' in 'StreamInfo'.")]
    public void Clips_and_segments_are_counted(int clips, int segments, string? message)
    {
        var body = string.Concat(Enumerable.Range(0, clips).Select(c =>
            $"<Clip><Name>n{c}x</Name><ChunkSegments>{string.Concat(Enumerable.Range(0, segments).Select(s => $"<Segment from='{s}' to='{s}'/>"))}</ChunkSegments></Clip>"));
        var text = $"<StreamInfo><Trackers><Tracker url='http://t'/></Trackers><SwarmID>s</SwarmID>{body}</StreamInfo>";

        if (message is null)
        {
            Assert.True(Outcome(text).TryGet(out _, out _));
        }
        else
        {
            Assert.EndsWith(message, Refused(ManifestErrorKind.Malformed, null, text).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_name_of_256_characters_is_read_and_a_longer_one_is_refused()
    {
        Assert.True(Outcome(Named(256)).TryGet(out _, out _));
        Refused(ManifestErrorKind.Malformed, $"Line 8, column 6: 'Name' is '{new string('n', 40)}...'; {Path}", Named(257));

        static string Named(int length) => Text.Replace("path/name", new string('n', length), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_in_a_url_is_not_repeated()
    {
        var error = Refused(ManifestErrorKind.Malformed, null, Text.Replace("http://tracker", "ftp://u:secret@tracker", StringComparison.Ordinal));

        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<StreamInfo>\n&undeclared;</StreamInfo>", 2)]
    [InlineData("<StreamInfo>\n<Clip>", 2)]
    [InlineData("<StreamInfo>\n</Clip>", 2)]
    [InlineData("<StreamIn", 1)]
    [InlineData("<?xml version='1.0'?>", 1)]
    [InlineData("<?xml version='1.0'", 1)]
    [InlineData("<StreamInfo y:a='1'/>", 1)]
    public void Documents_that_are_cut_or_not_well_formed_are_malformed(string text, int line)
    {
        var error = Refused(ManifestErrorKind.Malformed, null, text);

        Assert.StartsWith($"Line {line}, column ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("the XML is cut off or not well formed; a whole document with the root 'StreamInfo' was expected.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE StreamInfo [<!ENTITY a 'b'>]><StreamInfo>&a;</StreamInfo>", "Line 1, column 1")]
    [InlineData("<?xml version='1.0'?>\n <!DOCTYPE x SYSTEM 'http://127.0.0.1/x'><StreamInfo/>", "Line 2, column 2")]
    public void A_DTD_is_refused(string text, string place) =>
        Refused(ManifestErrorKind.Malformed, $"{place}: there is a DTD; a document without one was expected.", text);

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("{ \"StreamInfo\": 1 }")]
    [InlineData("<html><body><br></body>")]
    [InlineData("<!DOCTYPE html><html></html>")]
    [InlineData("<!doctype HTML>\n<p>")]
    [InlineData("<?xml version='1.0'?><!-- c --><MPD></MPD>")]
    [InlineData("<StreamInfos/>")]
    [InlineData("<streaminfo/>")]
    [InlineData("#EXTM3U")]
    public void Anything_else_is_not_a_manifest(string text) =>
        Refused(ManifestErrorKind.NotAManifest, "Line 1, column 1: this is not a manifest; XML with the root 'StreamInfo' was expected.", text);

    [Fact]
    public void Bytes_that_are_no_text_are_not_a_manifest_but_broken_gzip_and_broken_text_are_malformed()
    {
        Assert.Equal(ManifestErrorKind.NotAManifest, Kind([0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10]));
        Assert.Equal(ManifestErrorKind.Malformed, Kind([0x1F, 0x8B, 0x08, 0x00, 0x01]));
        Assert.Equal(ManifestErrorKind.Malformed, Kind([.. "<StreamInfo>"u8, 0xFF]));
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        Assert.True(Outcome(Nested(63)).TryGet(out _, out _));
        var error = Refused(ManifestErrorKind.Malformed, null, Nested(64));
        Assert.EndsWith("elements are nested deeper than 64; fewer levels were expected.", error.Message, StringComparison.Ordinal);

        static string Nested(int depth) => Text.Replace(
            "<SwarmID>",
            string.Concat(Enumerable.Repeat("<o>", depth)) + string.Concat(Enumerable.Repeat("</o>", depth)) + "<SwarmID>",
            StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_a_mebibyte_is_too_large_packed_or_not()
    {
        var most = Encoding.UTF8.GetBytes(Text + new string(' ', (1 << 20) - Text.Length));
        byte[] more = [.. most, (byte)' '];

        Assert.True(StreamInfoReader.Read(most).TryGet(out _, out _));
        Assert.Equal(ManifestErrorKind.TooLarge, Kind(more));
        Assert.Equal(ManifestErrorKind.TooLarge, Kind(StreamInfoReaderTests.Gzip(more)));
    }

    private static ManifestErrorKind? Kind(byte[] body)
    {
        StreamInfoReader.Read(body).TryGet(out _, out var error);
        Assert.EndsWith(".", error?.Message, StringComparison.Ordinal);
        return error?.Kind;
    }

    private static ManifestOutcome Outcome(string text) => StreamInfoReader.Read(Encoding.UTF8.GetBytes(text));

    private static ManifestError Refused(ManifestErrorKind kind, string? message, string text)
    {
        Assert.False(Outcome(text).TryGet(out _, out var error));
        Assert.Equal((kind, message ?? error.Message), (error.Kind, error.Message));
        return error;
    }
}
