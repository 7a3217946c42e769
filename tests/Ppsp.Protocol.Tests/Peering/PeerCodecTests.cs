using System.IO.Compression;
using System.Text;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace Ppsp.Protocol.Tests.Peering;

public sealed class PeerCodecTests
{
    private const string Common = "<PeerID>p</PeerID><SwarmID>s</SwarmID><TransactionID>007</TransactionID>";

    [Fact]
    public void Every_request_can_be_read_back_and_is_well_formed_for_a_strict_parser() => RandomMessages.Check(
        r => r.PeerRequest(),
        request => StrictXml.Accepts(PeerCodec.WriteRequest(request))
            && MessageText.Of(Read.Ok(PeerCodec.ReadRequest(PeerCodec.WriteRequest(request)))) == MessageText.Of(request));

    [Fact]
    public void Every_response_can_be_read_back_and_is_well_formed_for_a_strict_parser() => RandomMessages.Check(
        r => r.PeerResponse(),
        response => StrictXml.Accepts(PeerCodec.WriteResponse(response))
            && MessageText.Of(Read.Ok(PeerCodec.ReadResponse(PeerCodec.WriteResponse(response)))) == MessageText.Of(response));

    [Theory]
    [InlineData("")]
    [InlineData("version='0.1'")]
    [InlineData("version='1'")]
    [InlineData("version='1.0'")]
    [InlineData("version='1.9'")]
    [InlineData("VERSION='1.75'")]
    public void Known_versions_and_none_are_read(string root) => Read.Ok(Request($"<Method>get_chunkmap</Method>{Common}", root));

    [Theory]
    [InlineData("0.2", ResponseCode.VersionNotSupported)]
    [InlineData("2.0", ResponseCode.VersionNotSupported)]
    [InlineData("0", ResponseCode.VersionNotSupported)]
    [InlineData("x", ResponseCode.InvalidSyntax)]
    public void Other_versions_are_refused(string version, ResponseCode code)
    {
        var refusal = Read.Refused(Request($"<Method>FLY</Method>{Common}", $"version='{version}'"));
        Assert.Equal((code, "007"), (refusal.Code, refusal.TransactionId?.Value));
    }

    [Fact]
    public void Another_method_is_not_supported()
    {
        var refusal = Read.Refused(Request($"<Method>FIND</Method>{Common}<ChunkID>0</ChunkID>"));
        Assert.Equal((ResponseCode.MessageNotSupported, 400, "007"), (refusal.Code, refusal.Code.HttpStatus(), refusal.TransactionId?.Value));
    }

    [Theory]
    [InlineData("<Method>GET_CHUNK</Method><SwarmID>s</SwarmID><TransactionID>7</TransactionID>", "PeerID")]
    [InlineData("<Method>GET_CHUNK</Method><PeerID>p</PeerID><TransactionID>7</TransactionID>", "SwarmID")]
    [InlineData("<Method>GET_CHUNK</Method><PeerID>p</PeerID><SwarmID>s</SwarmID>", "TransactionID")]
    [InlineData($"<Method>PEER_STATUS</Method>{Common}", "Status")]
    [InlineData($"<Method>PEER_STATUS</Method>{Common}<Status>a</Status><Status>b</Status>", "once")]
    [InlineData($"<Response>OK</Response>{Common}", "response")]
    [InlineData(Common, "Method")]
    public void What_is_missing_or_too_much_is_named(string children, string named)
    {
        var refusal = Read.Refused(Request(children));
        Assert.Equal(ResponseCode.InvalidSyntax, refusal.Code);
        Assert.Contains(named, refusal.Reason);
    }

    [Fact]
    public void A_status_is_read_in_lower_case_and_unknown_ones_are_kept() => Assert.Equal(
        ["choke", "weird"],
        new[] { "CHOKE", "Weird" }.Select(s => Read.Ok(Request($"<Method>PEER_STATUS</Method>{Common}<Status> {s} </Status>")) is PeerStatusRequest r ? r.Status : ""));

    [Theory]
    [InlineData(1, "gA==")]
    [InlineData(7, "/g==")]
    [InlineData(8, "/w==")]
    [InlineData(9, "/4A=")]
    public void Maps_are_written_as_counted(int length, string base64)
    {
        var map = Protocol.Chunks.ChunkMap.Create(0, length, [0xFF, 0xFF]);
        var response = new PeerResponse { Code = ResponseCode.Ok, ChunkMaps = [new(new("a", "video", 0), [map])] };
        Assert.Contains(
            $"<ChunkSegments type=\"video\"><ChunkSegment from=\"0\" to=\"{length - 1}\" bitmapSize=\"{length}\">{base64}</ChunkSegment></ChunkSegments>",
            Encoding.UTF8.GetString(PeerCodec.WriteResponse(response)));
    }

    [Fact]
    public void The_other_name_of_a_segment_is_read_and_an_empty_peer_has_none()
    {
        var response = Read.Ok(Read.PeerAnswer(
            "<Response>OK</Response><StreamInfo><SwarmID>s</SwarmID><Clip><Name>a</Name><ChunkSegments type='video'><Segment from='1' to='1'>gA==</Segment></ChunkSegments></Clip><Clip><Name>b</Name><ChunkSegments type='audio'/></Clip></StreamInfo>"));
        Assert.Equal("s", response.SwarmId?.Value);
        Assert.Equal([1, 0], response.ChunkMaps!.Select(m => m.Segments.Count));
        Assert.True(response.ChunkMaps![0].Contains(1));
    }

    [Fact]
    public void Two_swarms_in_one_answer_are_refused() =>
        Read.Refused(Read.PeerAnswer("<Response>OK</Response><SwarmID>s</SwarmID><StreamInfo><SwarmID>t</SwarmID></StreamInfo>"));

    [Fact]
    public void Media_starts_behind_the_first_closing_tag_and_its_bytes_do_not_disturb_the_envelope()
    {
        var envelope = PeerCodec.WriteResponse(Samples.PeerResponse("get-chunk-response"));
        byte[] media = [0xFF, 0, .. "</PPSPPeerProtocol>"u8, 0xFE];
        byte[] mixed = [.. envelope, .. media];

        Assert.Equal(envelope.Length, PeerCodec.FindMediaStart(mixed));
        Assert.Equal("12345", Read.Ok(PeerCodec.ReadResponse(mixed)).TransactionId?.Value);
        Assert.Equal("12345", Read.Ok(PeerCodec.ReadResponse(Gzip(mixed))).TransactionId?.Value);
        Assert.Equal(envelope.Length, PeerCodec.FindMediaStart(envelope));
        Assert.Equal(-1, PeerCodec.FindMediaStart(envelope.AsSpan(0, envelope.Length - 1)));
        Assert.Equal(-1, PeerCodec.FindMediaStart([]));
    }

    [Fact]
    public void A_mixed_body_longer_than_any_message_still_has_its_envelope()
    {
        byte[] mixed = [.. PeerCodec.WriteResponse(Samples.PeerResponse("get-chunk-response")), .. new byte[2 << 20]];
        Assert.Equal(ResponseCode.Ok, Read.Ok(PeerCodec.ReadResponse(mixed)).Code);
    }

    [Fact]
    public void Media_is_not_looked_for_beyond_the_limit()
    {
        byte[] body = [.. new byte[PeerCodec.MaxEnvelopeBytes - 19], .. "</PPSPPeerProtocol>"u8];
        Assert.Equal(PeerCodec.MaxEnvelopeBytes, PeerCodec.FindMediaStart(body));
        Assert.Equal(-1, PeerCodec.FindMediaStart([0, .. body]));
        Assert.Equal(21, PeerCodec.FindMediaStart("</PPSPPeerProtocol\r\n>x"u8));
    }

    private static Decoded<PeerRequest> Request(string children, string root = "version='1.0'") =>
        PeerCodec.ReadRequest(Encoding.UTF8.GetBytes($"<PPSPPeerProtocol {root}>{children}</PPSPPeerProtocol>"));

    private static byte[] Gzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return target.ToArray();
    }
}
