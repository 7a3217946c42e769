using System.IO.Compression;
using System.Net;
using System.Text;
using Ppsp.Protocol.Messages;

namespace ReferenceTracker.Tests.Hosting;

/// <summary>What the tracker reads and writes: decisions 1 to 6 and 22. The texts are the draft's, placeholders filled.</summary>
public sealed class WireTests
{
    private const string Head = """<?xml version="1.0" encoding="utf-8"?>""";

    [Fact]
    public async Task The_requests_of_the_draft_are_understood_as_printed()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("seeder", "swarm-1");
        await ExpectAsync(tracker, 200, "OK", """
            <PPSPTrackerProtocol version="1.0">
              <Method>CONNECT</Method>
              <PeerID>peer-1</PeerID>
              <UserID>user-1</UserID>
              <AuthToken>token-1</AuthToken>
              <TransactionID>12345</TransactionID>
              <PeerAddresses>
                <PeerAddress ip="192.0.2.1" port="80" />
                <PeerAddress ip="2001:db8:0:0:0:0:0:1" port="80" />
              </PeerAddresses>
            </PPSPTrackerProtocol>
            """);
        await ExpectAsync(tracker, 200, "OK", Printed("JOIN", "<SwarmID>swarm-1</SwarmID>\n  <ExpireTime>0</ExpireTime>"));
        await ExpectAsync(tracker, 200, "OK", Report);
        await ExpectAsync(tracker, 200, "OK", Printed(
            "FIND_PEER", "<SwarmID>swarm-1</SwarmID>\n<Clip>\n<Name>clip</Name>\n<Type>video</Type>\n</Clip>"));
        await ExpectAsync(tracker, 404, "OBJECT NOT FOUND", Printed(
            "FIND_CHUNK",
            "<SwarmID>swarm-1</SwarmID><Clip><Name>clip</Name><Type>video</Type><ChunkSegmentIndex>3</ChunkSegmentIndex></Clip>"));
        Assert.Equal(["peer-1"], await tracker.ListAsync(tracker.FindChunk("seeder", "swarm-1", 3, clip: "clip")));
        await ExpectAsync(tracker, 200, "OK", Printed("KEEPALIVE", "").Replace("\"1.0\">", "\"1.0\" >", StringComparison.Ordinal));
        // The draft prints LEAVE without its last character.
        await ExpectAsync(tracker, 200, "OK", Printed("LEAVE", "<SwarmID>swarm-1</SwarmID>").TrimEnd().TrimEnd('>'));
        await ExpectAsync(tracker, 200, "OK", Printed("DISCONNECT", ""));
    }

    [Fact]
    public async Task An_answer_is_written_exactly_so()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s", port: 80);
        await tracker.EnterAsync("b", "s");
        using var answer = await tracker.PostAsync(Message("FIND_PEER", "b", "<SwarmID>s</SwarmID>", "007"));
        Assert.Equal(
            Head + "<PPSPTrackerProtocol version=\"1.0\"><Response>OK</Response><SwarmID>s</SwarmID><TransactionID>007</TransactionID>"
            + "<PeerInfoList><PeerInfo><PeerID>a</PeerID><PeerType>LEECH</PeerType><PeerAddresses><PeerAddress ip=\"10.0.0.1\" port=\"80\" />"
            + "</PeerAddresses><PeerLocation></PeerLocation><ConnectionType></ConnectionType><EndPointRankCost>0</EndPointRankCost></PeerInfo></PeerInfoList>"
            + "</PPSPTrackerProtocol>",
            await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("KEEPALIVE", "stranger", "", 403, "MESSAGE FORBIDDEN")]
    [InlineData("FIND_PEER", "a", "<SwarmID>none</SwarmID>", 404, "OBJECT NOT FOUND")]
    [InlineData("FIND_PEER", "a", "", 400, "INVALID SYNTAX")]
    [InlineData("DANCE", "a", "", 400, "INVALID SYNTAX")]
    [InlineData("JOIN", "a", "<SwarmID>s</SwarmID><SwarmID>s</SwarmID>", 400, "INVALID SYNTAX")]
    [InlineData("JOIN", "a", "<SwarmID>s</SwarmID><ExpireTime>soon</ExpireTime>", 400, "INVALID SYNTAX")]
    [InlineData("CONNECT", "a", "<PeerAddresses><PeerAddress ip='1' port='80'/></PeerAddresses>", 400, "INVALID SYNTAX")]
    [InlineData("CONNECT", "a", "<PeerAddresses><PeerAddress ip='10.0.0.1' port='65536'/></PeerAddresses>", 400, "INVALID SYNTAX")]
    public async Task The_transaction_comes_back_letter_by_letter_also_with_an_error(
        string method, string peer, string inner, int status, string response)
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        await ExpectAsync(tracker, status, response, Message(method, peer, inner, "007"), "007");
    }

    [Theory]
    [InlineData("1", 200)]
    [InlineData("1.0", 200)]
    [InlineData("1.1", 200)]
    [InlineData("2.0", 400)]
    public async Task Versions_near_1_are_accepted_and_others_answered(string version, int status)
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        var message = Message("KEEPALIVE", "a", "", "1").Replace("version='1.0'", $"version='{version}'", StringComparison.Ordinal);
        await ExpectAsync(tracker, status, status == 200 ? "OK" : "VERSION NOT SUPPORTED", message, "1");
    }

    [Fact]
    public async Task Children_in_any_order_and_unknown_ones_are_understood()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await ExpectAsync(
            tracker,
            200,
            "OK",
            "\n <PPSPTrackerProtocol><Extra><Deep/></Extra><TransactionID>1</TransactionID><PeerID>a</PeerID><Method>CONNECT</Method></PPSPTrackerProtocol>",
            "1");
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [InlineData("iso-8859-1")]
    public async Task A_body_in_another_encoding_is_read(string name)
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("ä", "s");
        var encoding = Encoding.GetEncoding(name);
        var text = $"<?xml version='1.0' encoding='{name}'?>" + Message("KEEPALIVE", "ä", "", "7");
        using var answer = await tracker.PostAsync([.. encoding.GetPreamble(), .. encoding.GetBytes(text)]);
        Assert.Equal(ResponseCode.Ok, (await RunningTracker.ReadAsync(answer)).Code);
    }

    [Theory]
    [InlineData("application/xml")]
    [InlineData("text/xml")]
    public async Task A_packed_body_is_unpacked(string mediaType)
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        using var answer = await tracker.PostAsync(
            Pack(Encoding.UTF8.GetBytes(Message("KEEPALIVE", "a", "", "7"))),
            "/tracker?x=y",
            mediaType,
            m => m.Content!.Headers.ContentEncoding.Add("gzip"));
        Assert.Equal(ResponseCode.Ok, (await RunningTracker.ReadAsync(answer)).Code);
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("br, gzip;q=0.5", true)]
    [InlineData("*", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("br", false)]
    [InlineData(null, false)]
    public async Task A_long_answer_is_packed_for_those_who_can_unpack_it(string? accepted, bool isPacked)
    {
        await using var tracker = await RunningTracker.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await tracker.EnterAsync($"p{i}", "s");
        }

        using var answer = await tracker.PostAsync(
            Encoding.UTF8.GetBytes(Message("FIND_PEER", "p0", "<SwarmID>s</SwarmID>", "7")),
            change: m => m.Headers.TryAddWithoutValidation("Accept-Encoding", accepted));
        Assert.Equal(isPacked ? ["gzip"] : [], answer.Content.Headers.ContentEncoding);
        Assert.Equal(["Accept-Encoding"], answer.Headers.Vary);
        // The codec sees the magic number and unpacks.
        Assert.Equal(4, (await RunningTracker.ReadAsync(answer)).Peers!.Count);
    }

    [Fact]
    public async Task A_short_answer_is_not_packed()
    {
        await using var tracker = await RunningTracker.StartAsync();
        using var answer = await tracker.PostAsync(
            Encoding.UTF8.GetBytes(Message("CONNECT", "a", "", "7")), change: m => m.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip"));
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.NotNull(answer.Content.Headers.ContentLength);
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Random_bytes_and_hostile_XML_are_syntax_errors()
    {
        await using var tracker = await RunningTracker.StartAsync();
        var random = new Random(7);
        for (var i = 0; i < 50; i++)
        {
            var bytes = new byte[random.Next(2000)];
            random.NextBytes(bytes);
            using var answer = await tracker.PostAsync(bytes);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal(ResponseCode.InvalidSyntax, (await RunningTracker.ReadAsync(answer)).Code);
        }

        var deep = string.Concat(Enumerable.Repeat("<a>", 10_000));
        await ExpectAsync(tracker, 400, "INVALID SYNTAX", $"<PPSPTrackerProtocol>{deep}");
        await ExpectAsync(tracker, 400, "INVALID SYNTAX", "<!DOCTYPE a [<!ENTITY b 'c'>]>" + Message("CONNECT", "&b;", "", "1"), "1");
        await ExpectAsync(tracker, 400, "INVALID SYNTAX", "");
    }

    [Fact]
    public async Task A_body_of_1_MiB_is_read_and_a_longer_one_is_too_large_packed_or_not()
    {
        await using var tracker = await RunningTracker.StartAsync();
        const int limit = 1 << 20;
        var message = Message("CONNECT", "a", "", "1");
        await ExpectAsync(tracker, 200, "OK", message + new string(' ', limit - message.Length), "1");
        await ExpectAsync(tracker, 413, "INVALID SYNTAX", message + new string(' ', limit + 1 - message.Length), null);
        using var packed = await tracker.PostAsync(Pack(Encoding.UTF8.GetBytes(message + new string(' ', limit))));
        Assert.Equal(413, (int)packed.StatusCode);
        Assert.Equal(ResponseCode.InvalidSyntax, (await RunningTracker.ReadAsync(packed)).Code);
    }

    private const string Report = """
        <?xml version="1.0" encoding="utf-8"?>
        <PPSPTrackerProtocol version="1.0">
          <Method>STAT_REPORT</Method>
          <PeerID>peer-1</PeerID>
          <UserID>user-1</UserID>
          <AuthToken>token-1</AuthToken>
          <TransactionID>12345</TransactionID>
          <Stats>
            <Stat property="ChunkMap">
              <report:ChunkMapReport>
                <SwarmID>swarm-1</SwarmID>
                <Clip>
                  <Name>clip</Name>
                  <ChunkSegments type="video">
                    <Segment from="0" to="7"
                      bitmapSize="8">
                      /w==
                    </Segment>
                  </ChunkSegments>
                </Clip>
              </report:ChunkMapReport>
            </Stat>
            <Stat property="StreamStats">
              <report:StramStatsReport>
                <SwarmID>swarm-1</SwarmID>
                <UploadedBytes>1</UploadedBytes>
                <DownloadedBytes>2</DownloadedBytes>
                <AvailBandwidth>3</AvailBandwidth>
              </report:StramStatsReport>
            </Stat>
          </Stats>
        </PPSPTrackerProtocol>
        """;

    private static string Printed(string method, string inner) =>
        $"{Head}\n<PPSPTrackerProtocol version=\"1.0\">\n  <Method>{method}</Method>\n  <PeerID>peer-1</PeerID>\n  <UserID>user-1</UserID>\n"
        + $"  <AuthToken>token-1</AuthToken>\n  {inner}\n  <TransactionID>12345</TransactionID>\n</PPSPTrackerProtocol>";

    private static string Message(string method, string peer, string inner, string transaction) =>
        $"<PPSPTrackerProtocol version='1.0'><Method>{method}</Method><PeerID>{peer}</PeerID>{inner}"
        + $"<TransactionID>{transaction}</TransactionID></PPSPTrackerProtocol>";

    private static byte[] Pack(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return packed.ToArray();
    }

    private static Task ExpectAsync(RunningTracker tracker, int status, string response, string body) =>
        ExpectAsync(tracker, status, response, body, body.Contains("12345", StringComparison.Ordinal) ? "12345" : null);

    private static async Task ExpectAsync(RunningTracker tracker, int status, string response, string body, string? transaction)
    {
        using var answer = await tracker.PostAsync(body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, text);
        Assert.Contains($"<Response>{response}</Response>", text, StringComparison.Ordinal);
        if (transaction is null)
        {
            Assert.DoesNotContain("TransactionID", text, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains($"<TransactionID>{transaction}</TransactionID>", text, StringComparison.Ordinal);
        }
    }
}
