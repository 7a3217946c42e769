using System.Net;
using System.Text.Json;
using PeerAgent.Tests.Running;

namespace PeerAgent.Tests.Streams;

/// <summary>A stream is left when its last player is gone, and found again when one comes back.</summary>
public sealed class LeavingTests
{
    [Fact]
    public async Task DELETE_by_the_last_player_leaves_the_swarm_and_asking_again_joins_it()
    {
        await using var system = await TestSystem.StartAsync();
        var (_, film) = await system.SeederAsync();
        var agent = await system.AgentAsync("agent");
        await agent.PostManifestAsync(film.Manifest);
        await agent.Player.GetByteArrayAsync("/streams/swarm-1/film-00000.ts");

        Assert.Equal(HttpStatusCode.NoContent, (await agent.Player.DeleteAsync("/streams/swarm-1")).StatusCode);
        Assert.Equal("idle", await StateAsync(agent));

        Assert.Equal(film.Chunks[1].Content, await agent.Player.GetByteArrayAsync("/streams/swarm-1/film-00001.ts"));
        Assert.Equal("active", await StateAsync(agent));
    }

    [Fact]
    public async Task With_two_players_the_first_to_go_changes_nothing()
    {
        await using var system = await TestSystem.StartAsync();
        var (_, film) = await system.SeederAsync();
        var agent = await system.AgentAsync("agent");
        await agent.PostManifestAsync(film.Manifest);
        await agent.Player.GetByteArrayAsync("/streams/swarm-1/film-00000.ts?player=second");

        await agent.Player.DeleteAsync("/streams/swarm-1");
        Assert.Equal("active", await StateAsync(agent));

        await agent.Player.DeleteAsync("/streams/swarm-1?player=second");
        Assert.Equal("idle", await StateAsync(agent));
    }

    [Fact]
    public async Task A_seeder_stays_whoever_leaves()
    {
        await using var system = await TestSystem.StartAsync();
        var (agent, _) = await system.SeederAsync();
        await agent.Player.GetByteArrayAsync("/streams/swarm-1/film-00000.ts");

        await agent.Player.DeleteAsync("/streams/swarm-1");

        Assert.Equal("seeding", await StateAsync(agent));
    }

    [Fact]
    public async Task A_silent_player_is_let_go_after_the_idle_time_out()
    {
        await using var system = await TestSystem.StartAsync();
        var film = TestFilm.Make("swarm-1", "film", system.Tracker, 1, 1000, hashes: true);
        var agent = await system.AgentAsync("agent", "--PeerAgent:Players:IdleTimeout=00:00:01");
        await agent.PostManifestAsync(film.Manifest);

        await Eventually.HoldsAsync(async () => await StateAsync(agent) == "idle", "the stream is left");
    }

    [Fact]
    public async Task Leaving_a_stream_that_is_not_known_is_404()
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent");

        Assert.Equal(HttpStatusCode.NotFound, (await agent.Player.DeleteAsync("/streams/none")).StatusCode);
    }

    private static async Task<string?> StateAsync(RunningAgent agent)
    {
        var json = JsonDocument.Parse(await agent.Player.GetStringAsync("/streams/swarm-1"));
        return json.RootElement.GetProperty("state").GetString();
    }
}
