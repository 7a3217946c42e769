using System.Net;
using System.Net.Http.Headers;
using PeerAgent.Tests.Running;

namespace PeerAgent.Tests.Proxy;

public sealed class ChunkRequestTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_chunk_comes_whole_from_a_seeder_found_through_the_tracker(bool hashes)
    {
        await using var system = await TestSystem.StartAsync();
        var (_, film) = await system.SeederAsync(hashes: hashes);
        var agent = await system.AgentAsync("agent");
        await agent.PostManifestAsync(film.Manifest);

        foreach (var (chunk, content) in film.Chunks)
        {
            var answer = await agent.Player.GetAsync($"/streams/swarm-1/film-{chunk.Index:D5}.ts");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("video/mp2t", answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal(content, await answer.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData("/streams/swarm-1/film-00001.ts")]
    [InlineData("/streams/swarm-1/film-1.ts")]
    [InlineData("/streams/swarm-1/path/film-00001.ts")]
    [InlineData("/streams/swarm-1/path%2Ffilm-00001.ts")]
    [InlineData("/streams/swarm-1/path/film/film-00001.ts")]
    [InlineData("/path/film-00001.ts")]
    [InlineData("/path/film/film-00001.ts")]
    [InlineData("/film-00001.ts")]
    public async Task A_chunk_is_found_under_every_form_of_its_name(string path)
    {
        await using var system = await TestSystem.StartAsync();
        var (agent, film) = await system.SeederAsync();

        Assert.Equal(film.Chunks[1].Content, await agent.Player.GetByteArrayAsync(path));
    }

    [Theory]
    [InlineData("/streams/unknown/film-00000.ts")]
    [InlineData("/streams/swarm-1/film-00004.ts")]
    [InlineData("/streams/swarm-1/film-99999999999999999999.ts")]
    [InlineData("/streams/swarm-1/film-L1-00000.ts")]
    [InlineData("/streams/swarm-1/other-00000.ts")]
    [InlineData("/streams/swarm-1/film.ts")]
    [InlineData("/streams/swarm-1/..%2f..%2fidentity.json")]
    [InlineData("/streams/swarm-1/film-00000.ts%5c..")]
    [InlineData("/nothing/here-00000.ts")]
    [InlineData("/streams/swarm-1/film%0a-00000.ts")]
    public async Task What_is_not_in_the_manifest_is_404_with_a_sentence(string path)
    {
        await using var system = await TestSystem.StartAsync();
        var (agent, _) = await system.SeederAsync();

        var answer = await agent.Player.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        await ProblemAssert.HasSentenceAsync(answer);
    }

    [Fact]
    public async Task Ranges_and_conditions_follow_HTTP()
    {
        await using var system = await TestSystem.StartAsync();
        var (agent, film) = await system.SeederAsync();
        var content = film.Chunks[0].Content;
        const string path = "/streams/swarm-1/film-00000.ts";
        var whole = await agent.Player.GetAsync(path);
        var tag = whole.Headers.ETag!;

        Assert.Equal(content[..100], await RangeAsync(agent, path, "bytes=0-99", HttpStatusCode.PartialContent));
        Assert.Equal(content[^10..], await RangeAsync(agent, path, "bytes=-10", HttpStatusCode.PartialContent));
        Assert.Equal(content[49_990..], await RangeAsync(agent, path, "bytes=49990-99999", HttpStatusCode.PartialContent));
        await RangeAsync(agent, path, "bytes=50000-", HttpStatusCode.RequestedRangeNotSatisfiable);
        Assert.Equal(content, await RangeAsync(agent, path, "bytes=0-99", HttpStatusCode.OK, ifRange: "\"other\""));
        Assert.Equal(content[..100], await RangeAsync(agent, path, "bytes=0-99", HttpStatusCode.PartialContent, ifRange: tag.Tag));

        using var conditional = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { tag } } };
        Assert.Equal(HttpStatusCode.NotModified, (await agent.Player.SendAsync(conditional)).StatusCode);

        var head = await agent.Player.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal(content.Length, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_range_of_a_chunk_that_is_not_here_yet_is_the_same_part()
    {
        await using var system = await TestSystem.StartAsync();
        var (_, film) = await system.SeederAsync(hashes: false);
        var agent = await system.AgentAsync("agent");
        await agent.PostManifestAsync(film.Manifest);

        Assert.Equal(
            film.Chunks[2].Content[10..20],
            await RangeAsync(agent, "/streams/swarm-1/film-00002.ts", "bytes=10-19", HttpStatusCode.PartialContent));
    }

    [Fact]
    public async Task A_chunk_that_nobody_has_is_504_at_the_deadline()
    {
        await using var system = await TestSystem.StartAsync();
        var film = TestFilm.Make("swarm-1", "film", system.Tracker, 1, 1000, hashes: true);
        var agent = await system.AgentAsync("agent", "--PeerAgent:Fetch:Deadline=00:00:00.5");
        await agent.PostManifestAsync(film.Manifest);

        var answer = await agent.Player.GetAsync("/streams/swarm-1/film-00000.ts");

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        await ProblemAssert.HasSentenceAsync(answer);
    }

    [Fact]
    public async Task A_stream_of_an_earlier_run_plays_on_after_a_restart()
    {
        await using var system = await TestSystem.StartAsync();
        var (_, film) = await system.SeederAsync();
        var first = await system.AgentAsync("agent");
        await first.PostManifestAsync(film.Manifest);
        await first.Player.GetByteArrayAsync("/streams/swarm-1/film-00000.ts");
        await first.StopAsync();

        // The folder is free only once the first one is disposed, which the restart helper does.
        var second = await system.RestartAsync(first, "agent");

        Assert.Equal(film.Chunks[0].Content, await second.Player.GetByteArrayAsync("/streams/swarm-1/film-00000.ts"));
        Assert.Equal(film.Chunks[3].Content, await second.Player.GetByteArrayAsync("/streams/swarm-1/film-00003.ts"));
    }

    private static async Task<byte[]> RangeAsync(
        RunningAgent agent, string path, string range, HttpStatusCode expected, string? ifRange = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Range = RangeHeaderValue.Parse(range);
        if (ifRange is not null)
        {
            request.Headers.IfRange = RangeConditionHeaderValue.Parse(ifRange);
        }

        var answer = await agent.Player.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync();
    }
}
