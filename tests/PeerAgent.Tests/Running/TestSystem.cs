using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PeerAgent.Hosting;
using PeerAgent.Listening;
using PeerAgent.Media.Manifest;
using PeerAgent.Media.Store;
using PeerAgent.Media.Streams;
using PeerAgent.Streams;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using ReferenceTracker.Hosting;

namespace PeerAgent.Tests.Running;

/// <summary>A real tracker and real agents in this process, on free ports, with folders of their own. A test says only what is special.</summary>
public sealed class TestSystem : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<WebApplication> _hosts = [];

    public Uri Tracker { get; private set; } = new("http://127.0.0.1:9");

    public TempFolder Folder => _folder;

    public static async Task<TestSystem> StartAsync()
    {
        var system = new TestSystem();
        var tracker = TrackerHost.Create(["--ReferenceTracker:Listen=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error"], null);
        system._hosts.Add(tracker);
        await tracker.StartAsync();
        system.Tracker = new Uri(tracker.Urls.First());
        return system;
    }

    /// <summary>Starts an agent; settings are given as <c>--PeerAgent:Section:Name=value</c>.</summary>
    public async Task<RunningAgent> AgentAsync(string name, params IEnumerable<string> settings)
    {
        var app = AgentHost.Build(
            [
                "--PeerAgent:Proxy:Listen=http://127.0.0.1:0",
                "--PeerAgent:Peer:Listen=http://127.0.0.1:0",
                "--PeerAgent:Store:Path=" + _folder[name],
                "--Logging:LogLevel:Default=Error",
                .. settings,
            ],
            customise: null);
        _hosts.Add(app);
        await app.StartAsync();
        return new RunningAgent(app);
    }

    /// <summary>Ends an agent and starts another one on its folder.</summary>
    public async Task<RunningAgent> RestartAsync(RunningAgent agent, string name)
    {
        await agent.StopAsync();
        await agent.App.DisposeAsync();
        _hosts.Remove(agent.App);
        return await AgentAsync(name);
    }

    /// <summary>An agent that seeds a film of the given chunks; each chunk is <paramref name="chunkBytes"/> of noise.</summary>
    public async Task<(RunningAgent Seeder, TestFilm Film)> SeederAsync(
        string swarm = "swarm-1", string clip = "path/film", int chunks = 4, int chunkBytes = 50_000, bool hashes = true)
    {
        var film = TestFilm.Make(swarm, clip, Tracker, chunks, chunkBytes, hashes);
        var seeder = await AgentAsync("seeder-" + Guid.NewGuid().ToString("N"));
        var held = seeder.Service<ChunkStore>().Open(film.Info);
        foreach (var (chunk, content) in film.Chunks)
        {
            Assert.Equal(PutOutcome.Stored, await held.PutAsync(chunk, content, CancellationToken.None));
        }

        var stream = await seeder.Service<Catalogue>().SeedAsync(film.Info, film.Manifest, CancellationToken.None);
        await stream!.Active!.Membership.FirstAttempt;
        return (seeder, film);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync();
            await host.DisposeAsync();
        }

        _folder.Dispose();
    }
}

/// <summary>An agent that runs, and a player's view of it.</summary>
public sealed class RunningAgent(WebApplication app)
{
    public HttpClient Player { get; } = new() { BaseAddress = app.Services.GetRequiredService<Listeners>().LocalUrl(Listener.Players) };

    public WebApplication App => app;

    public Uri PeerDoor => app.Services.GetRequiredService<Listeners>().LocalUrl(Listener.Peers);

    public T Service<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public Task<HttpResponseMessage> PostManifestAsync(byte[] manifest) => Player.PostAsync("/manifests", new ByteArrayContent(manifest));

    public Task StopAsync() => app.StopAsync();
}

/// <summary>A stream of noise, one level, with or without hashes.</summary>
public sealed record TestFilm(StreamInfo Info, byte[] Manifest, IReadOnlyList<(ChunkId Chunk, byte[] Content)> Chunks)
{
    public static TestFilm Make(string swarm, string clip, Uri tracker, int chunks, int chunkBytes, bool hashes)
    {
        Assert.True(SwarmId.TryParse(swarm, out var swarmId));
        var random = new Random(42);
        var level = new LevelId(clip, "video", 0);
        var content = new List<(ChunkId, byte[])>();
        var digests = new MemoryStream();
        for (var i = 0; i < chunks; i++)
        {
            var bytes = new byte[chunkBytes];
            random.NextBytes(bytes);
            bytes[0] = 0x47;
            content.Add((new ChunkId(level, i), bytes));
            digests.Write(System.Security.Cryptography.SHA256.HashData(bytes));
        }

        var segment = new Segment
        {
            From = 0,
            Count = chunks,
            Extension = "ts",
            ChunkDuration = TimeSpan.FromSeconds(2),
            Hashes = hashes ? new Dictionary<int, ChunkHashes> { [0] = new(digests.ToArray(), null) } : [],
        };
        var info = new StreamInfo
        {
            SwarmId = swarmId,
            Trackers = [new TrackerReference(tracker, 1)],
            Clips = [new Clip { Name = clip, Components = [new Component("video", [segment])] }],
        };
        return new TestFilm(info, StreamInfoWriter.Write(info), content);
    }
}
