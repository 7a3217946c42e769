using System.Net;
using PeerAgent.Tests.Running;

namespace PeerAgent.Tests.Proxy;

/// <summary>A web page must not reach the proxy behind the user's back (design, section 4.3).</summary>
public sealed class BrowserTests
{
    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    [InlineData("gateway.house", 200)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:7680", 200)]
    [InlineData("127.0.0.1:7680", 200)]
    [InlineData("[::1]:7680", 200)]
    public async Task Only_our_own_names_are_answered(string host, int expected)
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent", "--PeerAgent:Proxy:AllowedHosts:0=gateway.house");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/streams") { Headers = { Host = host } };

        Assert.Equal(expected, (int)(await agent.Player.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example", null)]
    [InlineData("null", null)]
    [InlineData("https://player.example", "https://player.example")]
    public async Task Only_allowed_origins_get_CORS_headers(string origin, string? expected)
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent", "--PeerAgent:Proxy:AllowedOrigins:0=https://player.example");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/streams") { Headers = { { "Origin", origin } } };

        var answer = await agent.Player.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(expected, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null);
    }

    [Theory]
    [InlineData("POST", "/manifests", "https://evil.example", 403)]
    [InlineData("DELETE", "/streams/x", "https://evil.example", 403)]
    [InlineData("DELETE", "/streams/x", "null", 403)]
    [InlineData("DELETE", "/streams/x", "https://player.example", 404)]
    public async Task A_foreign_page_changes_nothing(string method, string path, string origin, int expected)
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent", "--PeerAgent:Proxy:AllowedOrigins:0=https://player.example");
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { { "Origin", origin } } };

        Assert.Equal(expected, (int)(await agent.Player.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("PUT", "/streams/x")]
    [InlineData("DELETE", "/manifests")]
    [InlineData("PATCH", "/")]
    public async Task Other_methods_are_405_with_a_sentence(string method, string path)
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent");

        var answer = await agent.Player.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        await ProblemAssert.HasSentenceAsync(answer);
    }

    [Fact]
    public async Task What_players_may_do_cannot_be_reached_from_the_peers_door()
    {
        await using var system = await TestSystem.StartAsync();
        var (agent, film) = await system.SeederAsync();
        using var outside = new HttpClient { BaseAddress = agent.PeerDoor };

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await outside.GetAsync("/streams")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await outside.GetAsync("/streams/swarm-1/film-00000.ts")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await outside.DeleteAsync("/streams/swarm-1")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await outside.PostAsync("/manifests", new ByteArrayContent(film.Manifest))).StatusCode);
    }
}
