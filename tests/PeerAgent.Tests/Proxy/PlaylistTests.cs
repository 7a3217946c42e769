using System.Net;
using PeerAgent.Tests.Running;

namespace PeerAgent.Tests.Proxy;

public sealed class PlaylistTests
{
    [Fact]
    public async Task The_playlist_names_chunks_that_the_proxy_serves_beside_it()
    {
        await using var system = await TestSystem.StartAsync();
        var (agent, film) = await system.SeederAsync(swarm: "a/b c");
        var answer = await agent.Player.GetAsync("/streams/a%2Fb%20c/index.m3u8");
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n').Where(l => l.Length > 0 && l[0] != '#').ToList();

        Assert.Equal("application/vnd.apple.mpegurl", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(film.Chunks.Count, lines.Count);
        for (var i = 0; i < lines.Count; i++)
        {
            Assert.Equal(film.Chunks[i].Content, await agent.Player.GetByteArrayAsync("/streams/a%2Fb%20c/" + lines[i].Trim()));
        }
    }

    [Fact]
    public async Task An_unknown_playlist_is_404_with_a_sentence()
    {
        await using var system = await TestSystem.StartAsync();
        var (agent, _) = await system.SeederAsync();

        var answer = await agent.Player.GetAsync("/streams/swarm-1/level-7.m3u8");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        await ProblemAssert.HasSentenceAsync(answer);
    }

    [Fact]
    public async Task The_page_and_its_files_are_there_and_allow_nothing_from_elsewhere()
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent");

        var page = await agent.Player.GetAsync("/");

        Assert.Contains("default-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("text/javascript", (await agent.Player.GetAsync("/page.js")).Content.Headers.ContentType!.MediaType);
        Assert.Equal("text/css", (await agent.Player.GetAsync("/page.css")).Content.Headers.ContentType!.MediaType);
    }
}
