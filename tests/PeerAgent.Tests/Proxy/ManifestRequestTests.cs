using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using PeerAgent.Tests.Running;

namespace PeerAgent.Tests.Proxy;

public sealed class ManifestRequestTests
{
    [Theory]
    [InlineData("/manifests")]
    [InlineData("/")]
    public async Task A_new_stream_is_201_and_a_known_one_200_both_with_its_place(string path)
    {
        await using var system = await TestSystem.StartAsync();
        var film = TestFilm.Make("swarm/1 é", "path/film", system.Tracker, 2, 1000, hashes: true);
        var agent = await system.AgentAsync("agent");

        var first = await agent.Player.PostAsync(path, new ByteArrayContent(film.Manifest));
        var second = await agent.Player.PostAsync(path, new ByteArrayContent(film.Manifest));

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal("/streams/swarm%2F1%20%C3%A9", first.Headers.Location!.ToString());
        var json = JsonDocument.Parse(await first.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("swarm/1 é", json.GetProperty("swarmId").GetString());
        Assert.EndsWith("/streams/swarm%2F1%20%C3%A9/", json.GetProperty("chunkBaseUrl").GetString(), StringComparison.Ordinal);
        Assert.Equal("path/film", json.GetProperty("clips")[0].GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.OK, (await agent.Player.GetAsync(first.Headers.Location)).StatusCode);
    }

    [Fact]
    public async Task Gzip_and_UTF_16_are_read()
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent");
        var gzip = TestFilm.Make("one", "film", system.Tracker, 1, 1000, hashes: true).Manifest;
        var utf16 = TestFilm.Make("two", "film2", system.Tracker, 1, 1000, hashes: true).Manifest;

        Assert.Equal(HttpStatusCode.Created, (await agent.PostManifestAsync(Gzip(gzip))).StatusCode);
        Assert.Equal(
            HttpStatusCode.Created,
            (await agent.PostManifestAsync([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(utf16))])).StatusCode);
    }

    [Theory]
    [InlineData("no xml at all", 415)]
    [InlineData("{\"json\": true}", 415)]
    [InlineData("<Other/>", 415)]
    [InlineData("<!DOCTYPE StreamInfo [<!ENTITY a 'b'>]><StreamInfo>&a;</StreamInfo>", 400)]
    [InlineData("<StreamInfo><SwarmID>s</SwarmID></StreamInfo>", 400)]
    [InlineData("<StreamInfo><Trackers/><SwarmID>s</SwarmID><Clip><Name>n</Name><ChunkSegments type='video'><Segment chunks='1'/></ChunkSegments></Clip></StreamInfo>", 400)]
    [InlineData("<StreamInfo><Trackers><Tracker url='file:///etc/passwd'/></Trackers><SwarmID>s</SwarmID><Clip><Name>n</Name><ChunkSegments type='video'><Segment chunks='1'/></ChunkSegments></Clip></StreamInfo>", 400)]
    [InlineData("<StreamInfo><Trackers><Tracker url='/relative'/></Trackers><SwarmID>s</SwarmID><Clip><Name>n</Name><ChunkSegments type='video'><Segment chunks='1'/></ChunkSegments></Clip></StreamInfo>", 400)]
    [InlineData("<StreamInfo><Trackers><Tracker url='http://127.0.0.1:9'/></Trackers><SwarmID>s</SwarmID><Clip><Name>n</Name><ChunkSegments type='video'><Segment chunks='1152921504606846976'/></ChunkSegments></Clip></StreamInfo>", 400)]
    [InlineData("<StreamInfo><Trackers><Tracker url='http://127.0.0.1:9'/></Trackers><SwarmID>s</SwarmID><Clip><Name>n</Name><ChunkSegments type='video'><Segment chunks='-3'/></ChunkSegments></Clip></StreamInfo>", 400)]
    [InlineData("<StreamInfo><Trackers><Tracker url='http://127.0.0.1:9'/></Trackers><SwarmID>s</SwarmID><Clip><Name>a/../n</Name><ChunkSegments type='video'><Segment chunks='3'/></ChunkSegments></Clip></StreamInfo>", 400)]
    [InlineData("<StreamInfo><Trackers><Tracker url='http://127.0.0.1:9'/></Trackers><SwarmID>s</SwarmID><Clip><Name>a/%2e%2e/n</Name><ChunkSegments type='video'><Segment chunks='3'/></ChunkSegments></Clip></StreamInfo>", 400)]
    [InlineData("<StreamInfo><Trackers><Tracker url='http://127.0.0.1:9'/></Trackers><SwarmID>s</SwarmID><Clip><Name>a\\n</Name><ChunkSegments type='video'><Segment chunks='3'/></ChunkSegments></Clip></StreamInfo>", 400)]
    public async Task A_bad_manifest_gets_one_sentence_and_nothing_is_registered(string manifest, int expected)
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent");

        var answer = await agent.PostManifestAsync(Encoding.UTF8.GetBytes(manifest));

        Assert.Equal(expected, (int)answer.StatusCode);
        await ProblemAssert.HasSentenceAsync(answer);
        Assert.Equal("[]", await agent.Player.GetStringAsync("/streams"));
    }

    [Fact]
    public async Task Two_megabytes_are_413_plain_and_zipped()
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent");
        var large = Encoding.UTF8.GetBytes($"<StreamInfo><!--{new string('x', 2 << 20)}--></StreamInfo>");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await agent.PostManifestAsync(large)).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await agent.PostManifestAsync(Gzip(large))).StatusCode);
    }

    [Fact]
    public async Task With_no_tracker_and_no_other_source_it_is_503_naming_the_tracker()
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent", "--PeerAgent:Tracker:Retries=0");
        var film = TestFilm.Make("s", "film", new Uri("http://127.0.0.1:9/"), 1, 1000, hashes: true);

        var answer = await agent.PostManifestAsync(film.Manifest);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("http://127.0.0.1:9/", await ProblemAssert.HasSentenceAsync(answer), StringComparison.Ordinal);
        Assert.Equal("[]", await agent.Player.GetStringAsync("/streams"));
    }

    [Fact]
    public async Task Other_content_under_a_swarm_that_plays_is_refused()
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent");
        await agent.PostManifestAsync(TestFilm.Make("s", "film", system.Tracker, 1, 1000, hashes: true).Manifest);

        var answer = await agent.PostManifestAsync(TestFilm.Make("s", "film", system.Tracker, 2, 1000, hashes: true).Manifest);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        await ProblemAssert.HasSentenceAsync(answer);
    }

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}
