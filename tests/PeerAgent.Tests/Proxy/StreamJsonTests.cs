using System.Net;
using System.Text.Json;
using PeerAgent.Tests.Running;

namespace PeerAgent.Tests.Proxy;

public sealed class StreamJsonTests
{
    [Fact]
    public async Task A_stream_tells_levels_players_peers_trackers_and_traffic()
    {
        await using var system = await TestSystem.StartAsync();
        var (_, film) = await system.SeederAsync();
        var agent = await system.AgentAsync("agent");
        await agent.PostManifestAsync(film.Manifest);
        await agent.Player.GetByteArrayAsync("/streams/swarm-1/film-00002.ts");

        var stream = JsonDocument.Parse(await agent.Player.GetStringAsync("/streams/swarm-1")).RootElement;

        var level = stream.GetProperty("clips")[0].GetProperty("levels")[0];
        Assert.Equal((0, 3, 4, 1), (
            level.GetProperty("from").GetInt32(), level.GetProperty("to").GetInt32(), level.GetProperty("chunks").GetInt32(), level.GetProperty("held").GetInt32()));
        Assert.Equal("film-00000.ts", level.GetProperty("firstChunk").GetString());
        Assert.Equal(1, stream.GetProperty("players").GetInt32());
        Assert.Equal("Connected", stream.GetProperty("trackers")[0].GetProperty("state").GetString());
        Assert.Equal(1, stream.GetProperty("peers").GetArrayLength());
        Assert.Equal(50_000, stream.GetProperty("traffic").GetProperty("fromPeers").GetInt64());
        Assert.True(stream.GetProperty("verified").GetBoolean());
    }

    [Fact]
    public async Task The_ChunkMap_is_told_as_base64_most_significant_bit_first()
    {
        await using var system = await TestSystem.StartAsync();
        var (_, film) = await system.SeederAsync();
        var agent = await system.AgentAsync("agent");
        await agent.PostManifestAsync(film.Manifest);
        await agent.Player.GetByteArrayAsync("/streams/swarm-1/film-00000.ts");

        var map = JsonDocument.Parse(await agent.Player.GetStringAsync("/streams/swarm-1/chunkmap")).RootElement;

        var segment = map.GetProperty("levels")[0].GetProperty("segments")[0];
        Assert.Equal([0x80], segment.GetProperty("bitmap").GetBytesFromBase64());
        Assert.Equal(1, segment.GetProperty("held").GetInt32());
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task An_agent_that_runs_is_alive_and_ready(string path)
    {
        await using var system = await TestSystem.StartAsync();
        var agent = await system.AgentAsync("agent");

        Assert.Equal(HttpStatusCode.OK, (await agent.Player.GetAsync(path)).StatusCode);
    }
}
