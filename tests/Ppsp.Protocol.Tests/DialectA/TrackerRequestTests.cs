using System.Net;
using System.Text;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.Tests.DialectA;

public sealed class TrackerRequestTests
{
    [Theory]
    [InlineData("version=\"1\"")]
    [InlineData("version=\"1.0\"")]
    [InlineData("version=\"1.1\"")]
    [InlineData("version=\"1.00\"")]
    [InlineData("Version=' 1.0 '")]
    [InlineData("")]
    public void Known_versions_and_none_are_read(string root) => Read.Ok(Read.Tracker("KEEPALIVE", "", root));

    [Theory]
    [InlineData("2.0")]
    [InlineData("1.2")]
    [InlineData("0.1")]
    [InlineData("0")]
    [InlineData("-1")]
    public void Another_number_is_answered_as_a_version_even_when_the_rest_is_odd(string version)
    {
        var refusal = Read.Refused(Read.Tracker("WHAT", "<PeerID>p</PeerID><Response/>", $"version=\"{version}\""));

        Assert.Equal((ResponseCode.VersionNotSupported, "7"), (refusal.Code, refusal.TransactionId?.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("#.#")]
    [InlineData("one")]
    [InlineData("1.0.0")]
    [InlineData("1,0")]
    [InlineData("1e0")]
    [InlineData("99999999999999999999999999999999999999999")]
    public void What_is_no_number_is_invalid(string version) =>
        Assert.Equal(ResponseCode.InvalidSyntax, Read.Refused(Read.Tracker("KEEPALIVE", "", $"version=\"{version}\"")).Code);

    [Fact]
    public void Text_that_is_not_well_formed_is_invalid_before_its_version_counts()
    {
        var refusal = Read.Refused(Read.TrackerText("<PPSPTrackerProtocol version=\"9\"><TransactionID>7</TransactionID><a></PPSPTrackerProtocol>"));

        Assert.Equal((ResponseCode.InvalidSyntax, "7"), (refusal.Code, refusal.TransactionId?.Value));
        Assert.Contains("line 1, column", refusal.Reason);
    }

    [Theory]
    [InlineData("connect", typeof(RegisterRequest))]
    [InlineData(" Disconnect\n", typeof(QuitRequest))]
    [InlineData("keepAlive", typeof(HeartbeatRequest))]
    [InlineData("stat_report", typeof(ReportRequest))]
    public void Verbs_are_read_whatever_their_case(string verb, Type type) => Assert.IsType(type, Read.Ok(Read.Tracker(verb, "")));

    [Fact]
    public void GET_PEERS_asks_for_peers_too() => Assert.IsType<ListRequest>(Read.Ok(Read.Tracker("GET_PEERS", "<SwarmID>s</SwarmID>")));

    [Theory]
    [InlineData("<Method>KEEPALIVE</Method><TransactionID>7</TransactionID>", "PeerID")]
    [InlineData("<Method>KEEPALIVE</Method><PeerID>p</PeerID>", "TransactionID")]
    [InlineData("<PeerID>p</PeerID><TransactionID>7</TransactionID>", "Method")]
    [InlineData("<Method>FLY</Method><PeerID>p</PeerID><TransactionID>7</TransactionID>", "FIND_PEER")]
    [InlineData("<Method>JOIN</Method><PeerID>p</PeerID><TransactionID>7</TransactionID>", "SwarmID")]
    [InlineData("<Method>LEAVE</Method><PeerID>p</PeerID><TransactionID>7</TransactionID><SwarmID> </SwarmID>", "SwarmID")]
    [InlineData("<Method>FIND_CHUNK</Method><PeerID>p</PeerID><TransactionID>7</TransactionID><SwarmID>s</SwarmID>", "ChunkSegmentIndex")]
    [InlineData("<Response>OK</Response><PeerID>p</PeerID><TransactionID>7</TransactionID>", "response")]
    [InlineData("<Response>OK</Response><Method>KEEPALIVE</Method><PeerID>p</PeerID><TransactionID>7</TransactionID>", "not both")]
    [InlineData("<Method>KEEPALIVE</Method><PeerID>p</PeerID><PeerID>p</PeerID><TransactionID>7</TransactionID>", "PeerID may appear only once")]
    [InlineData("<Method>KEEPALIVE</Method><PeerID>p</PeerID><TransactionID>7</TransactionID><TransactionID>7</TransactionID>", "once")]
    [InlineData("<Method>CONNECT</Method><PeerID>p</PeerID><TransactionID>7</TransactionID><PeerAddresses/><PeerAddresses/>", "once")]
    [InlineData("<Method>FIND_PEER</Method><PeerID>p</PeerID><TransactionID>7</TransactionID><SwarmID>s</SwarmID><Clip/><Clip/>", "once")]
    [InlineData("<Method>STAT_REPORT</Method><PeerID>p</PeerID><TransactionID>7</TransactionID><Stats/><Stats/>", "once")]
    [InlineData("<Method>KEEPALIVE</Method><PeerID>p<b/></PeerID><TransactionID>7</TransactionID>", "no elements")]
    public void What_is_missing_or_too_much_is_named(string children, string named)
    {
        var refusal = Read.Refused(Read.TrackerText($"<PPSPTrackerProtocol>{children}</PPSPTrackerProtocol>"));

        Assert.Equal(ResponseCode.InvalidSyntax, refusal.Code);
        Assert.Contains(named, refusal.Reason);
    }

    [Fact]
    public void Order_unknown_elements_comments_and_CDATA_do_not_matter()
    {
        var request = Read.Ok(Read.TrackerText("""
            <!-- hello --><PPSPTrackerProtocol xmlns="urn:x" schemaLocation="TBD"><?pi x?>
              <Unknown><PeerID>not this</PeerID><Deep><Deeper/></Deep></Unknown>
              <SwarmID><![CDATA[a<b]]>&amp;<!-- in between -->c</SwarmID>some text<TransactionID> 007 </TransactionID>
              <ExpireTime/><PeerID>&#x70;</PeerID><Method>JOIN</Method><UserID/><AuthToken></AuthToken>
            </PPSPTrackerProtocol><!-- bye -->
            """));

        var join = Assert.IsType<JoinRequest>(request);
        Assert.Equal(("a<b&c", "007", "p"), (join.SwarmId.Value, join.TransactionId.Value, join.PeerId.Value));
        Assert.Equal((Expiry.Never, Credentials.None), (join.Expiry, join.Credentials));
    }

    [Fact]
    public void Limits_of_texts_are_kept()
    {
        Read.Ok(Read.Tracker("KEEPALIVE", $"<AuthToken>{new string('t', 4096)}</AuthToken>"));
        Assert.Contains("AuthToken", Read.Refused(Read.Tracker("KEEPALIVE", $"<AuthToken>{new string('t', 4097)}</AuthToken>")).Reason);
        Assert.Contains("UserID", Read.Refused(Read.Tracker("KEEPALIVE", $"<UserID>{new string('u', 257)}</UserID>")).Reason);
        Read.Ok(Read.Tracker("FIND_PEER", $"<SwarmID>s</SwarmID><Clip><Name>{new string('n', 256)}</Name></Clip>"));
        Assert.Contains("Name", Read.Refused(Read.Tracker("FIND_PEER", $"<SwarmID>s</SwarmID><Clip><Name>{new string('n', 257)}</Name></Clip>")).Reason);
        Assert.Contains("type", Read.Refused(Read.Tracker("FIND_PEER", $"<SwarmID>s</SwarmID><Clip><Type>{new string('n', 65)}</Type></Clip>")).Reason);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("0", null)]
    [InlineData(" 3600 ", 3600)]
    [InlineData("99999999999", int.MaxValue)]
    public void ExpireTime_is_seconds(string text, int? seconds)
    {
        var join = Assert.IsType<JoinRequest>(Read.Ok(Read.Tracker("JOIN", $"<SwarmID>s</SwarmID><ExpireTime>{text}</ExpireTime>")));
        Assert.Equal((seconds is { } s ? TimeSpan.FromSeconds(s) : null, null), (join.Expiry.After, join.Expiry.At));
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z")]
    [InlineData("2026-01-02T03:04:05", "2026-01-02T03:04:05Z")]
    [InlineData("2026-01-02T03:04:05.25+02:00", "2026-01-02T01:04:05.25Z")]
    public void ExpireTime_may_be_a_point_in_time(string text, string at)
    {
        var join = Assert.IsType<JoinRequest>(Read.Ok(Read.Tracker("JOIN", $"<SwarmID>s</SwarmID><ExpireTime>{text}</ExpireTime>")));
        Assert.Equal(DateTimeOffset.Parse(at), join.Expiry.At);
        Assert.Contains($"<ExpireTime>{at}</ExpireTime>", Encoding.UTF8.GetString(TrackerCodec.WriteRequest(join)));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("soon")]
    [InlineData("99999999999999999999")]
    [InlineData("2026-13-02T03:04:05Z")]
    public void Another_ExpireTime_is_invalid(string text) =>
        Assert.Contains("ExpireTime", Read.Refused(Read.Tracker("JOIN", $"<SwarmID>s</SwarmID><ExpireTime>{text}</ExpireTime>")).Reason);

    [Theory]
    [InlineData(0.001, "1")]
    [InlineData(59.5, "60")]
    [InlineData(1e12, "2147483647")]
    public void A_time_is_written_in_whole_seconds_and_never_as_0(double seconds, string text)
    {
        var join = new JoinRequest
        {
            PeerId = Read.Peer("p"), TransactionId = Read.Transaction("7"), SwarmId = Read.Swarm("s"),
            Expiry = new(TimeSpan.FromMilliseconds(Math.Min(seconds * 1000, TimeSpan.MaxValue.TotalMilliseconds / 2)), null),
        };
        Assert.Contains($"<ExpireTime>{text}</ExpireTime>", Encoding.UTF8.GetString(TrackerCodec.WriteRequest(join)));
    }

    [Fact]
    public void Addresses_are_read_in_order_and_whatever_the_case_of_their_attributes()
    {
        var register = Assert.IsType<RegisterRequest>(Read.Ok(Read.Tracker(
            "CONNECT", "<PeerAddresses>text<Other/><PeerAddress IP='192.0.2.7' Port='0'/><PeerAddress x='1' port='1' ip='::1'></PeerAddress></PeerAddresses>")));
        Assert.Equal([new(IPAddress.Parse("192.0.2.7"), 0), new(IPAddress.IPv6Loopback, 1)], register.Addresses);
    }

    [Theory]
    [InlineData("<PeerAddress ip='010.0.0.1' port='1'/>")]
    [InlineData("<PeerAddress ip='1.1.1.1' port='65536'/>")]
    [InlineData("<PeerAddress port='1'/>")]
    public void An_address_that_is_none_is_invalid(string address)
    {
        var refusal = Read.Refused(Read.Tracker("CONNECT", $"<PeerAddresses>{address}</PeerAddresses>"));
        Assert.Contains("PeerAddress needs ip", refusal.Reason);
        Assert.Contains("line 1, column", refusal.Reason);
    }

    [Fact]
    public void At_most_32_addresses_are_read()
    {
        string Addresses(int count) => $"<PeerAddresses>{string.Concat(Enumerable.Repeat("<PeerAddress ip='::1' port='1'/>", count))}</PeerAddresses>";
        Assert.Equal(32, Assert.IsType<RegisterRequest>(Read.Ok(Read.Tracker("CONNECT", Addresses(32)))).Addresses.Count);
        Assert.Contains("32", Read.Refused(Read.Tracker("CONNECT", Addresses(33))).Reason);
    }

    [Fact]
    public void FIND_CHUNK_may_name_a_level_and_its_type_is_lowered()
    {
        var find = Assert.IsType<ChunkListRequest>(Read.Ok(Read.Tracker(
            "FIND_CHUNK", "<SwarmID>s</SwarmID><Clip><ChunkSegmentIndex level='3'>9007199254740991</ChunkSegmentIndex><Type>VIDEO</Type></Clip>")));
        Assert.Equal((null, "video", ChunkName.MaxIndex, 3), (find.ClipName, find.ClipType, find.Index, find.Level));
        Assert.Contains("<ChunkSegmentIndex level=\"3\">9007199254740991</ChunkSegmentIndex>", Encoding.UTF8.GetString(TrackerCodec.WriteRequest(find)));
    }

    [Theory]
    [InlineData("<ChunkSegmentIndex>-1</ChunkSegmentIndex>")]
    [InlineData("<ChunkSegmentIndex>9007199254740992</ChunkSegmentIndex>")]
    [InlineData("<ChunkSegmentIndex></ChunkSegmentIndex>")]
    [InlineData("<ChunkSegmentIndex>###</ChunkSegmentIndex>")]
    [InlineData("<ChunkSegmentIndex level='1000'>1</ChunkSegmentIndex>")]
    [InlineData("<ChunkSegmentIndex level=''>1</ChunkSegmentIndex>")]
    public void Another_index_or_level_is_invalid(string index) =>
        Read.Refused(Read.Tracker("FIND_CHUNK", $"<SwarmID>s</SwarmID><Clip>{index}</Clip>"));

    [Theory]
    [InlineData("<TransactionID>42</TransactionID>", "42")]
    [InlineData("<TransactionID >\n 0042 \n</TransactionID", "0042")]
    [InlineData("<TransactionID a='b'>a&amp;b</TransactionID>", "a&b")]
    [InlineData("<TransactionID/>", null)]
    [InlineData("<TransactionID></TransactionID>", null)]
    [InlineData("<TransactionIDs>1</TransactionIDs>", null)]
    [InlineData("<TransactionID>42", null)]
    [InlineData("<TransactionID", null)]
    [InlineData("", null)]
    public void The_transaction_is_found_in_broken_text_too(string element, string? id)
    {
        Assert.Equal(id, Read.Refused(Read.TrackerText($"<PPSPTrackerProtocol><a>{element}")).TransactionId?.Value);
        Assert.Equal(id, Read.Refused(TrackerCodec.ReadRequest(Encoding.Latin1.GetBytes($"\u00FF<{element}"))).TransactionId?.Value);
    }

    [Fact]
    public void A_transaction_of_65_characters_is_not_echoed()
    {
        var id = new string('7', 65);
        Assert.Null(Read.Refused(Read.TrackerText($"<PPSPTrackerProtocol><TransactionID>{id}</TransactionID></PPSPTrackerProtocol>")).TransactionId);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    public void A_missing_last_character_is_mended(string after) =>
        Read.Ok(Read.TrackerText($"<PPSPTrackerProtocol><Method>KEEPALIVE</Method><PeerID>p</PeerID><TransactionID>7</TransactionID></PPSPTrackerProtocol{after}"));

    [Fact]
    public void Every_request_can_be_read_back_and_is_well_formed_for_a_strict_parser() => RandomMessages.Check(
        r => r.TrackerRequest(),
        request => StrictXml.Accepts(TrackerCodec.WriteRequest(request))
            && MessageText.Of(Read.Ok(TrackerCodec.ReadRequest(TrackerCodec.WriteRequest(request)))) == MessageText.Of(request));
}
