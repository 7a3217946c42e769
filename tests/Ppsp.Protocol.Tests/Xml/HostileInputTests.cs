using System.Text;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace Ppsp.Protocol.Tests.Xml;

/// <summary>Whatever arrives, a read returns, and what it allocates follows the length of the body.</summary>
public sealed class HostileInputTests
{
    private const int BytesPerByte = 48;
    private const int BytesPerRead = 256 * 1024;

    private static readonly string[] Odd =
    [
        "&#x1;", "&#xD800;", "&#x10FFFF;", "&#999999999999;", "\uFFFE", " xmlns:a=''", " xmlns=''", " xml:space='x'", " xmlns:xml='a'",
        " xmlns:xmlns='a'", " xmlns:report=''", "<a:b:c/>", "<![CDATA[", "]]>", "<!--", "<?xml?>", "<?", "<!DOCTYPE a>", "\0", "\u0085",
    ];

    [Fact]
    public void Mutated_messages_never_throw_and_allocate_no_more_than_their_length_allows()
    {
        var golden = GoldenFiles.All().ToArray();
        Assert.NotEmpty(golden);
        var random = new Random(20111121);
        foreach (var file in golden)
        {
            for (var i = 0; i < 2000; i++)
            {
                ReadAsEverything(Mutate(random, file, golden[random.Next(golden.Length)]));
            }
        }
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var body = new byte[random.Next(300)];
            random.NextBytes(body);
            ReadAsEverything(body);
            ReadAsEverything([0x1F, 0x8B, 8, 0, .. body]);
        }
    }

    [Theory]
    [InlineData("<!DOCTYPE PPSPTrackerProtocol [<!ENTITY a \"b\">]><PPSPTrackerProtocol>&a;</PPSPTrackerProtocol>")]
    [InlineData("<!DOCTYPE PPSPTrackerProtocol SYSTEM \"file:///etc/passwd\"><PPSPTrackerProtocol/>")]
    [InlineData("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><a>&b;</a>")]
    public void A_document_type_is_refused(string text) => Assert.Contains("document type", Read.Refused(Read.TrackerText(text)).Reason);

    [Fact]
    public void An_entity_that_is_not_of_XML_is_refused() => Read.Refused(Read.Tracker("KEEPALIVE", "<x>&nbsp;</x>"));

    [Fact]
    public void Elements_are_read_64_deep_and_no_deeper()
    {
        string Nested(int count) => string.Concat(Enumerable.Repeat("<a>", count)) + string.Concat(Enumerable.Repeat("</a>", count));
        Read.Ok(Read.Tracker("KEEPALIVE", Nested(63)));
        Assert.Contains("64 deep", Read.Refused(Read.Tracker("KEEPALIVE", Nested(64))).Reason);
        Assert.Contains("64 deep", Read.Refused(Read.Tracker("KEEPALIVE", Nested(64), "version=\"9.9\"")).Reason);
    }

    public static TheoryData<string, string> Bombs() => new()
    {
        { "depth", string.Concat(Enumerable.Repeat("<a>", 340_000)) },
        { "attributes", $"<a {string.Concat(Enumerable.Range(0, 90_000).Select(i => $"a{i}='' "))}/>" },
        { "names", string.Concat(Enumerable.Range(0, 100_000).Select(i => $"<a{i}/>")) },
        { "namespaces", $"<a {string.Concat(Enumerable.Range(0, 50_000).Select(i => $"xmlns:a{i}='u' "))}/>" },
        { "text", $"<SwarmID>{new string('x', 1_000_000)}</SwarmID>" },
        { "CDATA", $"<SwarmID>{string.Concat(Enumerable.Repeat("<![CDATA[x]]>", 75_000))}</SwarmID>" },
        { "comments", string.Concat(Enumerable.Repeat("<!---->", 140_000)) },
        { "references", $"<SwarmID>{string.Concat(Enumerable.Repeat("&lt;", 250_000))}</SwarmID>" },
        { "addresses", $"<PeerAddresses>{string.Concat(Enumerable.Repeat("<PeerAddress ip='::1' port='1'/>", 30_000))}</PeerAddresses>" },
        { "peers", $"<PeerInfoList>{string.Concat(Enumerable.Repeat("<PeerInfo><PeerID>p</PeerID></PeerInfo>", 25_000))}</PeerInfoList>" },
        { "stats", $"<Stats>{string.Concat(Enumerable.Repeat("<Stat property='ChunkMap'/>", 38_000))}</Stats>" },
        { "levels", $"<StreamInfo><Clip><Name>a</Name>{string.Concat(Enumerable.Repeat("<ChunkSegments/>", 60_000))}</Clip></StreamInfo>" },
        { "response", $"<Response>{string.Concat(Enumerable.Repeat("a ", 500_000))}</Response>" },
        { "transactions", string.Concat(Enumerable.Repeat("<TransactionID>", 69_000)) },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_message_full_of_one_thing_costs_no_more_than_its_length_allows(string name, string children)
    {
        Assert.NotEmpty(name);
        foreach (var root in new[] { "PPSPTrackerProtocol", "PPSPPeerProtocol" })
        {
            var body = Encoding.UTF8.GetBytes($"<{root} version=\"1.0\">{children}</{root}>");
            Assert.InRange(body.Length, 400_000, 1 << 20);
            ReadAsEverything(body);
            ReadAsEverything(XmlBodyTests.Gzip(body), body.Length);
        }
    }

    [Fact]
    public void A_number_in_the_text_makes_nothing_grow()
    {
        const string Head = "<Stats><Stat property='ChunkMap'><ChunkMapReport><SwarmID>s</SwarmID><Clip><Name>a</Name><ChunkSegments type='video'>";
        const string Tail = "</ChunkSegments></Clip></ChunkMapReport></Stat></Stats>";
        var segments = string.Concat(Enumerable.Repeat("<Segment from='0' to='1048575' bitmapSize='1048576'>gA==</Segment>", 64));
        var body = Encoding.UTF8.GetBytes($"<PPSPTrackerProtocol>{Head}{segments}{Tail}</PPSPTrackerProtocol>");

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read.Refused(TrackerCodec.ReadRequest(body));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BytesPerRead);
    }

    private static void ReadAsEverything(byte[] body, int? unpacked = null)
    {
        Measure(body, unpacked, TrackerCodec.ReadRequest);
        Measure(body, unpacked, TrackerCodec.ReadResponse);
        Measure(body, unpacked, PeerCodec.ReadRequest);
        Measure(body, unpacked, PeerCodec.ReadResponse);
    }

    private static void Measure<T>(byte[] body, int? unpacked, Func<ReadOnlyMemory<byte>, Decoded<T>> read)
        where T : class
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var decoded = read(body);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 0, ((long)(unpacked ?? body.Length) * BytesPerByte) + BytesPerRead);
        if (!decoded.TryGet(out _, out var refusal))
        {
            Assert.True(refusal.Reason.Length is > 0 and <= 400 && refusal.Reason.EndsWith('.'), refusal.Reason);
        }
    }

    private static byte[] Mutate(Random random, byte[] file, byte[] other)
    {
        var bytes = file.ToList();
        for (var i = random.Next(1, 4); i > 0 && bytes.Count > 4; i--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 60), bytes.Count - at);
            switch (random.Next(8))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.InsertRange(at, other.AsSpan(random.Next(other.Length)).ToArray());
                    break;
                case 5:
                    bytes[at] = "<>&\"'/=:;![]- #x09"u8[random.Next(18)];
                    break;
                case 6:
                    bytes = [.. Recode(random, bytes)];
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Odd[random.Next(Odd.Length)]));
                    break;
            }
        }

        return [.. bytes];
    }

    private static byte[] Recode(Random random, List<byte> bytes)
    {
        var text = Encoding.UTF8.GetString([.. bytes]);
        Encoding[] encodings = [Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, Encoding.Latin1];
        var encoding = encodings[random.Next(encodings.Length)];
        return random.Next(3) == 0
            ? XmlBodyTests.Gzip([.. bytes])
            : [.. random.Next(2) == 0 ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)];
    }
}
