using PeerAgent.Hosting;
using PeerAgent.Listening;
using PeerAgent.Media.Manifest;
using PeerAgent.Media.Store;
using PeerAgent.Proxy;
using PeerAgent.Streams;
using PeerAgent.Swarm.Upload;
using ReferenceTracker.Hosting;

namespace PeerAgent.Demo;

/// <summary>
/// A whole system in one process: the reference tracker, two agents that seed the sample film, and one that a player
/// talks to. Real servers on free loopback ports, state in a temporary folder that goes with it.
/// </summary>
internal sealed class DemoSystem : IAsyncDisposable
{
    private readonly List<WebApplication> _hosts = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peer-agent-demo-");

    private DemoSystem()
    {
    }

    /// <summary>What was said to the tracker, in order.</summary>
    internal DemoConversation Conversation { get; } = new();

    internal SampleFilm Film { get; private set; } = null!;

    /// <summary>The agent that the player talks to.</summary>
    internal WebApplication Agent { get; private set; } = null!;

    /// <summary>Its proxy.</summary>
    internal Uri Proxy => Agent.Services.GetRequiredService<Listeners>().LocalUrl(Listener.Players);

    /// <summary>The manifest as a player would post it.</summary>
    internal byte[] Manifest => StreamInfoWriter.Write(Film.Info);

    internal static async Task<DemoSystem> StartAsync(string[] settings, CancellationToken cancellationToken)
    {
        var demo = new DemoSystem();
        try
        {
            await demo.StartPartsAsync(settings, cancellationToken);
            return demo;
        }
        catch
        {
            await demo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the player's agent, so that its goodbye is part of the conversation.</summary>
    internal async Task StopAgentAsync(CancellationToken cancellationToken) => await Agent.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // The tracker was started first and goes last, so that every goodbye is heard.
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync(CancellationToken.None);
            await host.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task StartPartsAsync(string[] settings, CancellationToken cancellationToken)
    {
        var tracker = TrackerHost.Create(
            ["--ReferenceTracker:Listen=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning"],
            builder => builder.Services.AddSingleton<ITrackerConversationObserver>(Conversation));
        _hosts.Add(tracker);
        await tracker.StartAsync(cancellationToken);
        Film = SampleFilm.Load(new Uri(tracker.Urls.First()));

        foreach (var name in (string[])["seeder-1", "seeder-2"])
        {
            var seeder = await StartAgentAsync(name, settings, cancellationToken);
            await Film.PutAllAsync(seeder.Services.GetRequiredService<ChunkStore>(), cancellationToken);
            var stream = await seeder.Services.GetRequiredService<Catalogue>().SeedAsync(Film.Info, Manifest, cancellationToken);
            await stream!.Active!.Membership.FirstAttempt.WaitAsync(cancellationToken);
        }

        Agent = await StartAgentAsync("agent", settings, cancellationToken);
    }

    private async Task<WebApplication> StartAgentAsync(string name, string[] settings, CancellationToken cancellationToken)
    {
        string[] own =
        [
            $"--{ProxyOptions.Section}:Listen=http://127.0.0.1:0",
            $"--{PeerOptions.Section}:Listen=http://127.0.0.1:0",
            $"--{StoreOptions.Section}:Path={Path.Combine(_folder.FullName, name)}",
            "--PeerAgent:Identity:PeerId=demo-" + name,
            "--Logging:LogLevel:Default=Warning",
        ];
        var agent = AgentHost.Build([.. own, .. settings], customise: null);
        _hosts.Add(agent);
        await agent.StartAsync(cancellationToken);
        return agent;
    }
}
