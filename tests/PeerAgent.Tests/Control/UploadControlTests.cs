using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using PeerAgent.Hosting;
using PeerAgent.Identity;
using PeerAgent.Listening;
using PeerAgent.Streams;
using PeerAgent.Swarm.Upload;
using PeerAgent.Tests.Proxy;
using PeerAgent.Tests.Running;

namespace PeerAgent.Tests.Control;

/// <summary>What peers may take, read and changed while the agent runs.</summary>
public sealed class UploadControlTests
{
    private const string Route = "/control/upload";

    [Fact]
    public async Task It_tells_what_is_set_and_what_is_used()
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent", "--PeerAgent:Upload:Slots=3", "--PeerAgent:Upload:MaxBytesPerSecond=50000");

        var told = await agent.Player.GetFromJsonAsync<JsonElement>(Route);

        Assert.True(told.GetProperty("enabled").GetBoolean());
        Assert.Equal(3, told.GetProperty("slots").GetInt32());
        Assert.Equal(50_000, told.GetProperty("maxBytesPerSecond").GetInt64());
        Assert.Equal(JsonValueKind.Null, told.GetProperty("maxBytesPerSecondPerPeer").ValueKind);
        var use = told.GetProperty("use");
        Assert.Equal(0, use.GetProperty("activeUploads").GetInt32());
        Assert.Equal(0, use.GetProperty("bytesPerSecond").GetInt64());
        Assert.Empty(use.GetProperty("chokedPeers").EnumerateArray());
    }

    [Fact]
    public async Task What_is_put_holds_at_once_and_the_rest_stays()
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent", "--PeerAgent:Upload:MaxBytesPerSecond=50000");

        var answer = await PutAsync(agent, """{"slots":2,"maxBytesPerSecondPerPeer":4096}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(2, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("slots").GetInt32());
        Assert.Equal(new UploadLimits(true, 2, 50_000, 4096), agent.Service<UploadSettings>().Current);
        await PutAsync(agent, """{"enabled":false,"maxBytesPerSecond":null}""");

        Assert.Equal(new UploadLimits(false, 2, null, 4096), agent.Service<UploadSettings>().Current);
    }

    [Theory]
    [InlineData("""{"slot":2}""", "'slot' is unknown")]
    [InlineData("""{"slots":2,"colour":"red"}""", "'colour' is unknown")]
    [InlineData("""{"slots":0}""", "slots is 0; it must be from 1 to 4096. To upload nothing set enabled to false.")]
    [InlineData("""{"slots":"2"}""", "slots must be a whole number")]
    [InlineData("""{"slots":1.5}""", "slots must be a whole number")]
    [InlineData("""{"enabled":1}""", "enabled must be true or false")]
    [InlineData("""{"maxBytesPerSecond":1023}""", "maxBytesPerSecond is 1023; it must be at least 1024")]
    [InlineData("""{"maxBytesPerSecondPerPeer":-1}""", "maxBytesPerSecondPerPeer is -1")]
    [InlineData("""{"maxBytesPerSecond":"fast"}""", "maxBytesPerSecond must be a whole number of bytes, or null")]
    [InlineData("""{"slots":2,"slots":3}""", "not JSON")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("", "not JSON")]
    public async Task A_wrong_change_changes_nothing_and_says_what_is_wrong(string body, string sentence)
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent");

        var answer = await PutAsync(agent, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(sentence, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(new UploadLimits(true, 8, null, null), agent.Service<UploadSettings>().Current);
    }

    [Fact]
    public async Task A_long_body_is_refused()
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent");

        var answer = await PutAsync(agent, new string(' ', 5000));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        await ProblemAssert.HasSentenceAsync(answer);
    }

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("2001:db8::7")]
    public async Task Another_machine_is_refused(string address)
    {
        using var folder = new TempFolder();
        await using var app = AgentHost.Build(
            [
                "--PeerAgent:Proxy:Listen=http://127.0.0.1:0",
                "--PeerAgent:Peer:Listen=http://127.0.0.1:0",
                "--PeerAgent:Store:Path=" + folder.Path,
                "--Logging:LogLevel:Default=Error",
            ],
            builder => builder.Services.AddSingleton<IStartupFilter>(new From(IPAddress.Parse(address))));
        await app.StartAsync();
        using var player = new HttpClient { BaseAddress = app.Services.GetRequiredService<Listeners>().LocalUrl(Listener.Players) };

        var told = await player.GetAsync(Route);
        var changed = await player.PutAsync(Route, new StringContent("""{"enabled":false}"""));

        Assert.Equal(HttpStatusCode.Forbidden, told.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, changed.StatusCode);
        await ProblemAssert.HasSentenceAsync(told);
        Assert.True(app.Services.GetRequiredService<UploadSettings>().Current.Enabled);
        await app.StopAsync();
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Host", "evil.example", HttpStatusCode.MisdirectedRequest)]
    public async Task A_web_page_changes_nothing(string header, string value, HttpStatusCode expected)
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent");
        using var request = new HttpRequestMessage(HttpMethod.Put, Route) { Content = new StringContent("""{"enabled":false}""") };
        request.Headers.TryAddWithoutValidation(header, value);

        Assert.Equal(expected, (await agent.Player.SendAsync(request)).StatusCode);
        Assert.True(agent.Service<UploadSettings>().Current.Enabled);
    }

    [Fact]
    public async Task Peers_have_no_control()
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent");
        using var outside = new HttpClient { BaseAddress = agent.PeerDoor };

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await outside.GetAsync(Route)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await outside.PutAsync(Route, new StringContent("{}"))).StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_nothing_is_uploaded_trackers_name_the_agent_as_a_holder_no_more(bool isPrivate)
    {
        await using var system = await TestSystem.StartAsync();
        var (seeder, film) = await system.SeederAsync();
        var before = await JoinAsync(system, "before", film);
        Assert.Equal("SEED", before.Swarm.Peers.Single().PeerType);

        if (isPrivate)
        {
            await seeder.Service<Catalogue>().Streams.Single().UpdateAsync(film.Info with { IsPrivate = true }, CancellationToken.None);
        }
        else
        {
            (await PutAsync(seeder, """{"enabled":false}""")).EnsureSuccessStatusCode();
        }

        await Eventually.HoldsAsync(
            async () =>
            {
                var late = await JoinAsync(system, "late-" + Guid.NewGuid().ToString("N"), film);
                return late.Swarm.Peers.Any(p => p.PeerId == seeder.Service<AgentIdentity>().PeerId && p.PeerType == "LEECH");
            },
            "the empty map");
    }

    private static async Task<ActiveStream> JoinAsync(TestSystem system, string name, TestFilm film)
    {
        var agent = await system.AgentAsync(name);
        (await agent.PostManifestAsync(film.Manifest)).EnsureSuccessStatusCode();
        var stream = agent.Service<Catalogue>().Streams.Single();
        var active = await stream.ActivateAsync(CancellationToken.None);
        await active.Membership.FirstAttempt;
        await Eventually.HoldsAsync(() => active.Swarm.Peers.Count > 0, "peers");
        return active;
    }

    private static Task<HttpResponseMessage> PutAsync(RunningAgent agent, string body) =>
        agent.Player.PutAsync(Route, new StringContent(body, Encoding.UTF8, "application/json"));

    /// <summary>Makes every request come from one address.</summary>
    private sealed class From(IPAddress address) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) =>
            {
                context.Connection.RemoteIpAddress = address;
                return following(context);
            });
            next(app);
        };
    }
}
