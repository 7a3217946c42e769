using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PeerAgent.CommandLine;
using PeerAgent.Media.Store;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Tests.CommandLine;

public sealed class StoreCommandTests : IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private StateFolder? _folder;

    private string State => _temp["state"];

    public async ValueTask InitializeAsync()
    {
        var options = Options.Create(new StoreOptions { Path = State });
        _folder = new StateFolder(options);
        await using var store = new ChunkStore(_folder, options, NullLogger<ChunkStore>.Instance);
        var film = store.Open(Stream("film"));
        film.IsPinned = true;
        await film.PutAsync(Chunk(0), new byte[3000], default);
        await film.PutAsync(Chunk(1), new byte[2000], default);
        await store.Open(Stream("a/b <c>")).PutAsync(Chunk(0), new byte[1000], default);
    }

    public ValueTask DisposeAsync()
    {
        _folder?.Dispose();
        _temp.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task It_shows_streams_and_totals_against_the_limits_while_an_agent_runs()
    {
        var (exit, output, _) = await RunAsync("--PeerAgent:Store:MaxBytes", "10485760");

        Assert.Equal(0, exit);
        Assert.Contains("  film  chunks 2, 4.9 KiB, pinned", output, StringComparison.Ordinal);
        Assert.Contains("  a/b <c>  chunks 1, 1008 B\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("In all: streams 2, chunks 3, 5.9 KiB of 10.0 MiB on disk; limit in memory 256.0 MiB", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_speaks_JSON_for_programs()
    {
        var (_, output, _) = await RunAsync(json: true);

        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        Assert.Equal((3, 6013), (root.GetProperty("chunks").GetInt64(), root.GetProperty("bytes").GetInt64()));
        Assert.Equal(10L << 30, root.GetProperty("maxBytes").GetInt64());
        Assert.Equal(State, root.GetProperty("path").GetString());
        Assert.Equal(["film", "a/b <c>"], root.GetProperty("streams").EnumerateArray().Select(s => s.GetProperty("swarmId").GetString()));
        Assert.True(root.GetProperty("streams")[0].GetProperty("pinned").GetBoolean());
    }

    [Fact]
    public async Task While_an_agent_uses_the_folder_nothing_is_cleared()
    {
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => RunAsync(clear: true));

        Assert.Contains("stop it", error.Message, StringComparison.Ordinal);
        Assert.Contains("DELETE the stream", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(3, Chunks());
    }

    [Fact]
    public async Task One_stream_or_all_can_be_cleared()
    {
        _folder!.Dispose();

        var one = await RunAsync(clear: true, swarm: "a/b <c>");
        Assert.Contains("In all: streams 1, chunks 1, 1008 B", one.Output, StringComparison.Ordinal);
        Assert.Equal(2, Chunks());
        var again = await RunAsync(clear: true, swarm: "a/b <c>");
        Assert.Equal((1, ""), (again.Exit, again.Output));
        Assert.Contains("no chunks of swarm 'a/b <c>'", again.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(clear: true)).Exit);
        Assert.Equal(0, Chunks());
        Assert.Contains("In all: streams 0", (await RunAsync(clear: true)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_swarm_that_can_be_none_is_wrong_usage()
    {
        var (exit, _, errors) = await RunAsync(clear: true, swarm: "");

        Assert.Equal(2, exit);
        Assert.Contains("--clear", errors, StringComparison.Ordinal);
    }

    private static StreamInfo Stream(string swarm)
    {
        Assert.True(SwarmId.TryParse(swarm, out var id));
        return new StreamInfo
        {
            SwarmId = id,
            Trackers = [],
            Clips = [new Clip { Name = "film", Components = [new Component("video", [new Segment { From = 0, Count = 4, Extension = "ts" }])] }],
        };
    }

    private static ChunkId Chunk(int index) => new(new LevelId("film", "video", 0), index);

    private int Chunks() => Directory.GetFiles(State, "*.chunk", SearchOption.AllDirectories).Length;

    private Task<(int Exit, string Output, string Errors)> RunAsync(params string[] settings) => RunAsync(false, null, false, settings);

    private async Task<(int Exit, string Output, string Errors)> RunAsync(
        bool clear = false, string? swarm = null, bool json = false, params string[] settings)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var exit = await StoreCommand.RunAsync(["--PeerAgent:Store:Path", State, .. settings], clear, swarm, json, output, errors);
        return (exit, output.ToString(), errors.ToString());
    }
}
