using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PeerAgent.Swarm.Tests.Scene;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Upload;

public sealed class PeerEndpointTests
{
    [Fact]
    public async Task A_peer_that_knows_raw_chunks_gets_the_media_alone()
    {
        var content = Content.Make(extension: "ts");
        await using var agent = await Agent.StartAsync(content);
        await agent.HoldAsync(content, 2);
        using var client = new PeerClient(agent.Url);

        using var response = await client.AskRawAsync("/path/name/name-L0-00002.ts");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("video/mp2t", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(Content.Size, response.Content.Headers.ContentLength);
        Assert.Equal("bytes", response.Headers.AcceptRanges.Single());
        Assert.False(response.Headers.ETag!.IsWeak);
        Assert.Equal(content.Chunks[2], await response.Content.ReadAsByteArrayAsync());
        await Eventually.HoldsAsync(() => agent.Stream.Traffic.UploadedBytes == Content.Size, "the bytes counted");
    }

    [Theory]
    [InlineData(2 * Content.Size)]
    [InlineData(1_000_000)]
    public async Task A_chunk_is_sent_from_disk_as_well_as_from_memory(int memory)
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content, settings: [$"Store:MemoryBytes={memory}", $"Store:MaxChunkBytes={Content.Size}"]);
        await agent.HoldAsync(content, 0, 1, 2);
        using var client = new PeerClient(agent.Url);

        using var whole = await client.AskRawAsync("/name-L0-00000.bin");
        using var part = await client.AskRawAsync("/name-L0-00000.bin", "Range: bytes=100-");
        using var mixed = await client.AskAsync(PeerClient.ChunkRequest, "/name-L0-00000.bin");

        Assert.Equal(content.Chunks[0], await whole.Content.ReadAsByteArrayAsync());
        Assert.Equal(content.Chunks[0][100..], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal(content.Chunks[0], (await mixed.Content.ReadAsByteArrayAsync())[^Content.Size..]);
        Assert.Equal(whole.Headers.ETag, part.Headers.ETag);
        await Eventually.HoldsAsync(() => agent.Stream.Traffic.UploadedBytes == (3 * Content.Size) - 100, "the bytes counted");
    }

    [Theory]
    [InlineData("/name-L0-2.ts")]
    [InlineData("/path/name-L0-00002.ts")]
    [InlineData("/path/name/name-L0-00002.ts")]
    public async Task A_chunk_is_found_by_the_names_that_peers_use(string path)
    {
        var content = Content.Make(extension: "ts");
        await using var agent = await Agent.StartAsync(content);
        await agent.HoldAsync(content, 2);
        using var client = new PeerClient(agent.Url);

        using var response = await client.AskRawAsync(path);

        Assert.Equal(content.Chunks[2], await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("bytes=0-99", 0, 100)]
    [InlineData("bytes=-10", 19_990, 10)]
    [InlineData("bytes=19000-90000", 19_000, 1000)]
    public async Task A_part_is_sent_where_one_is_asked_for(string range, int from, int length)
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        await agent.HoldAsync(content, 0);
        using var client = new PeerClient(agent.Url);

        using var response = await client.AskRawAsync("/name-L0-00000.bin", "Range: " + range);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"bytes {from}-{from + length - 1}/{Content.Size}", response.Content.Headers.ContentRange!.ToString());
        Assert.Equal(content.Chunks[0][from..(from + length)], await response.Content.ReadAsByteArrayAsync());
        await Eventually.HoldsAsync(() => agent.Stream.Traffic.UploadedBytes == length, "only the part counted");
    }

    [Fact]
    public async Task A_range_behind_the_end_is_not_satisfiable()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        await agent.HoldAsync(content, 0);
        using var client = new PeerClient(agent.Url);

        using var response = await client.AskRawAsync("/name-L0-00000.bin", "Range: bytes=20000-");

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
    }

    [Theory]
    [InlineData("Accept: */*")]
    [InlineData("Accept: text/xml")]
    [InlineData("Accept: application/octet-stream;q=0.1, text/xml")]
    [InlineData("X-None: ")]
    public async Task Any_other_peer_gets_envelope_and_media_as_the_draft_prints_them(string accept)
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        await agent.HoldAsync(content, 0);
        using var client = new PeerClient(agent.Url);

        using var response = await client.AskAsync(PeerClient.ChunkRequest, "/path/name/name-L0-00000.bin", accept);

        Assert.Equal("text/xml", response.Content.Headers.ContentType!.ToString());
        Assert.True(response.Headers.TransferEncodingChunked);
        var body = await response.Content.ReadAsByteArrayAsync();
        const string Envelope = "<?xml version=\"1.0\" encoding=\"utf-8\"?><PPSPPeerProtocol version=\"1.0\"><Response>OK</Response>"
            + "<TransactionID>12345</TransactionID></PPSPPeerProtocol>";
        Assert.Equal(Envelope, Encoding.UTF8.GetString(body, 0, Envelope.Length));
        Assert.Equal(content.Chunks[0], body[Envelope.Length..]);
    }

    [Fact]
    public async Task What_is_not_there_is_404_with_the_transaction_echoed()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        await agent.HoldAsync(content, 0);
        using var client = new PeerClient(agent.Url);
        var elsewhere = PeerClient.MapRequest with { SwarmId = Named.Swarm("other") };

        await PeerClient.AssertRefusedAsync(
            await client.AskRawAsync("/name-L0-00001.bin"), HttpStatusCode.NotFound, ResponseCode.ObjectNotFound, "12345");
        await PeerClient.AssertRefusedAsync(
            await client.AskRawAsync("/name-L0-00099.bin"), HttpStatusCode.NotFound, ResponseCode.ObjectNotFound, "12345");
        await PeerClient.AssertRefusedAsync(
            await client.AskRawAsync("/..%2f..%2fetc%2fpasswd"), HttpStatusCode.NotFound, ResponseCode.ObjectNotFound, "12345");
        await PeerClient.AssertRefusedAsync(
            await client.AskAsync(elsewhere), HttpStatusCode.NotFound, ResponseCode.ObjectNotFound, "007");
    }

    [Fact]
    public async Task Nothing_is_served_of_a_swarm_that_was_left()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        await agent.HoldAsync(content, 0);
        using var client = new PeerClient(agent.Url);
        await agent.Stream.DisposeAsync();

        await PeerClient.AssertRefusedAsync(
            await client.AskRawAsync("/name-L0-00000.bin"), HttpStatusCode.NotFound, ResponseCode.ObjectNotFound, "12345");
    }

    [Fact]
    public async Task A_map_comes_once_and_is_not_modified_until_something_is_added()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        await agent.HoldAsync(content, 0, 5);
        using var client = new PeerClient(agent.Url);

        using var first = await client.AskAsync(PeerClient.MapRequest);
        var map = await PeerClient.ReadAsync(first);
        var tag = first.Headers.ETag!.ToString();
        using var same = await client.AskAsync(PeerClient.MapRequest, "/any/path", "If-None-Match: " + tag);
        await agent.HoldAsync(content, 1);
        using var changed = await client.AskAsync(PeerClient.MapRequest, "/", "If-None-Match: " + tag);

        Assert.Equal("007", map.TransactionId!.Value.Value);
        Assert.Equal(content.Stream.SwarmId, map.SwarmId);
        Assert.Equal([0, 5], map.ChunkMaps!.Single().Segments.Single().Held());
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal([0, 1, 5], (await PeerClient.ReadAsync(changed)).ChunkMaps!.Single().Segments.Single().Held());
    }

    [Fact]
    public async Task A_list_names_everybody_known_but_the_one_who_asks()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        using var client = new PeerClient(agent.Url);
        var ask = new GetPeerListRequest { PeerId = Named.Peer("a"), SwarmId = content.Stream.SwarmId, TransactionId = Named.Transaction("1") };

        using var empty = await client.AskAsync(ask);
        Assert.Empty((await PeerClient.ReadAsync(empty)).Peers!);
        await agent.MeetAsync(content, "a");
        var b = await agent.MeetAsync(content, "b");
        using var list = await client.AskAsync(ask);

        var only = Assert.Single((await PeerClient.ReadAsync(list)).Peers!);
        Assert.Equal(b.Id, only.PeerId);
        Assert.Equal(b.Address, Assert.Single(only.Addresses));
    }

    [Fact]
    public async Task Long_answers_in_XML_are_packed_for_those_who_unpack()
    {
        var random = new Random(1);
        var content = Content.Make(count: 4000, size: 10);
        await using var agent = await Agent.StartAsync(content);
        await agent.HoldAsync(content, [.. Enumerable.Range(0, 4000).Where(_ => random.Next(2) == 0)]);
        using var client = new PeerClient(agent.Url);

        using var plain = await client.AskAsync(PeerClient.MapRequest);
        using var packed = await client.AskAsync(PeerClient.MapRequest, "/", "Accept-Encoding: br, gzip");
        using var refused = await client.AskAsync(PeerClient.MapRequest, "/", "Accept-Encoding: gzip;q=0");
        using var chunk = await client.AskRawAsync("/name-L0-00000.bin", "Accept-Encoding: gzip");

        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal("gzip", packed.Content.Headers.ContentEncoding.Single());
        await using var unpack = new GZipStream(await packed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        var unpacked = new MemoryStream();
        await unpack.CopyToAsync(unpacked);
        Assert.Equal(await plain.Content.ReadAsByteArrayAsync(), unpacked.ToArray());
        Assert.Empty(refused.Content.Headers.ContentEncoding);
        Assert.Empty(chunk.Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("HEAD")]
    public async Task Verbs_other_than_POST_are_not_allowed(string verb)
    {
        await using var agent = await Agent.StartAsync(Content.Make());
        using var client = new PeerClient(agent.Url);

        using var response = await client.SendAsync(new HttpMethod(verb), "/name-L0-00000.bin");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("POST", response.Content.Headers.Allow.Single());
    }

    [Fact]
    public async Task What_is_no_message_is_invalid_syntax()
    {
        await using var agent = await Agent.StartAsync(Content.Make());
        using var client = new PeerClient(agent.Url);
        const string Unknown = "<PPSPPeerProtocol version='1.0'><Method>DANCE</Method><PeerID>a</PeerID><SwarmID>b</SwarmID>"
            + "<TransactionID>007</TransactionID></PPSPPeerProtocol>";

        await PeerClient.AssertRefusedAsync(await client.PostAsync(""), HttpStatusCode.BadRequest, ResponseCode.InvalidSyntax, null);
        await PeerClient.AssertRefusedAsync(await client.PostAsync("<a/>"), HttpStatusCode.BadRequest, ResponseCode.InvalidSyntax, null);
        await PeerClient.AssertRefusedAsync(await client.PostAsync(Unknown), HttpStatusCode.BadRequest, ResponseCode.MessageNotSupported, "007");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.PostAsync(new string(' ', 70_000))).StatusCode);
    }

    [Fact]
    public async Task Random_bytes_are_answered_or_cut_and_the_listener_lives_on()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        await agent.HoldAsync(content, 0);
        using var client = new PeerClient(agent.Url);
        var random = new Random(99);
        for (var i = 0; i < 50; i++)
        {
            var noise = new byte[random.Next(1, 2000)];
            random.NextBytes(noise);
            using var answer = await client.PostAsync(noise, "/", []);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);

            using var socket = new TcpClient();
            await socket.ConnectAsync(agent.Url.Host, agent.Url.Port);
            await socket.GetStream().WriteAsync(noise);
        }

        using var response = await client.AskRawAsync("/name-L0-00000.bin");
        Assert.Equal(content.Chunks[0], await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("127.0.0.0/8", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("10.0.0.0/8", HttpStatusCode.Forbidden)]
    [InlineData("::1", HttpStatusCode.Forbidden)]
    public async Task Only_allowed_networks_are_answered(string network, HttpStatusCode status)
    {
        await using var agent = await Agent.StartAsync(Content.Make(), settings: ["Peer:AllowedNetworks:0=" + network]);
        using var client = new PeerClient(agent.Url);

        using var response = await client.AskAsync(PeerClient.MapRequest);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Without_a_free_slot_a_peer_is_told_to_come_back()
    {
        var content = Content.Make(size: 4_000_000);
        await using var agent = await Agent.StartAsync(content, settings: ["Upload:Slots=1", "Upload:MaxBytesPerSecond=1024"]);
        await agent.HoldAsync(content, 0);
        using var client = new PeerClient(agent.Url);
        using var other = new PeerClient(agent.Url);
        using (var first = await client.AskRawAsync("/name-L0-00000.bin"))
        {
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
            using var second = await other.AskRawAsync("/name-L0-00000.bin");
            Assert.Equal("1", second.Headers.RetryAfter!.ToString());
            await PeerClient.AssertRefusedAsync(second, HttpStatusCode.ServiceUnavailable, ResponseCode.TemporarilyOverloaded, "12345");
        }

        // The first peer has gone; its slot comes back, and what it did not take is not counted.
        await Eventually.HoldsAsync(
            async () =>
            {
                using var third = await other.AskRawAsync("/name-L0-00000.bin");
                return third.StatusCode == HttpStatusCode.OK;
            },
            "a free slot");
        Assert.True(agent.Stream.Traffic.UploadedBytes < 100_000);
    }

    [Fact]
    public async Task A_peer_whom_we_choke_is_told_and_refused_until_unchoked()
    {
        var content = Content.Make();
        await using var agent = await Agent.StartAsync(content);
        await agent.HoldAsync(content, 0);
        await using var foreign = await FakePeer.StartAsync("foreign");
        await agent.MeetAsync(foreign);
        using var client = new PeerClient(agent.Url);

        Assert.True(await agent.Stream.ChokeAsync(foreign.Id, choke: true, default));
        Assert.Equal("choke", Assert.Single(foreign.Received.Select(r => r.Message).OfType<PeerStatusRequest>()).Status);
        await PeerClient.AssertRefusedAsync(
            await client.AskRawAsync("/name-L0-00000.bin"), HttpStatusCode.Forbidden, ResponseCode.MessageForbidden, "12345");
        Assert.True(await agent.Stream.ChokeAsync(foreign.Id, choke: false, default));
        using var served = await client.AskRawAsync("/name-L0-00000.bin");

        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.False(await agent.Stream.ChokeAsync(Named.Peer("nobody"), choke: true, default));
    }
}
