using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PeerAgent.Media;
using PeerAgent.Media.Store;
using PeerAgent.Swarm;
using PeerAgent.Swarm.Http;
using PeerAgent.Swarm.Swarms;
using PeerAgent.Swarm.Transfer;
using PeerAgent.Swarm.Upload;
using Ppsp.Protocol.Ids;
using Storm.Tests.Checks;
using Storm.Tests.Films;
using Storm.Tests.Network;
using Storm.Tests.Takers;

namespace Storm.Tests.Scenes;

/// <summary>The agent's rooms as a host puts them together, over a real folder, for one run of the agent.</summary>
internal sealed class Rooms : IAsyncDisposable
{
    /// <summary>How many chunks ahead of a player are fetched at most.</summary>
    public const int ChunksAhead = 20;

    /// <summary>Most chunks sent at a time, whatever the limits.</summary>
    public const int LargestSlots = 8;

    private readonly ServiceProvider _services;
    private readonly Dictionary<Film, Part> _parts = [];
    private readonly FarNetwork _network;
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<IHostedService> _background;
    private readonly List<Task> _talks = [];
    private readonly CancellationTokenSource _end = new();

    public Rooms(string folder, Budget budget, FarNetwork network, TimeProvider time, Findings findings, int seed)
    {
        _network = network;
        _time = time;
        Budget = budget;
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["PeerAgent:Store:Path"] = folder,
            ["PeerAgent:Store:MaxBytes"] = $"{budget.MaxBytes}",
            ["PeerAgent:Store:MemoryBytes"] = $"{budget.MemoryBytes}",
            ["PeerAgent:Store:MaxChunkBytes"] = $"{Budget.LargestChunk}",
            ["PeerAgent:Playback:Urgent"] = "00:00:04",
            ["PeerAgent:Playback:Ahead"] = $"{Film.Sealed.Plan.ChunkPlays * ChunksAhead}",
        }).Build());
        services.AddLogging(l => l.AddProvider(new ErrorLog(findings)).SetMinimumLevel(LogLevel.Error));
        services.AddSingleton(time);
        services.AddSingleton(new Random(seed));
        services.AddSingleton(new LocalPeer(PeerId.TryParse("near", out var id) ? id : throw new InvalidOperationException()));
        services.AddSingleton<IPeerTransport>(network);
        services.AddSingleton<OriginDial>(network.DialAsync);
        services.AddPeerAgentMedia();
        services.AddPeerAgentSwarm();
        _services = services.BuildServiceProvider();
        Store = _services.GetRequiredService<ChunkStore>();
        UploadSettings = _services.GetRequiredService<UploadSettings>();
        OwnPlayers = _services.GetRequiredService<OwnPlayers>();
        _background = [.. _services.GetServices<IHostedService>()];
        _talks.AddRange(_background.Select(service => service.StartAsync(_end.Token)));
    }

    public Budget Budget { get; }

    public ChunkStore Store { get; }

    public UploadSettings UploadSettings { get; }

    public OwnPlayers OwnPlayers { get; }

    /// <summary>What peers take just now.</summary>
    public UploadWatch Uploads => _services.GetRequiredService<UploadWatch>();

    /// <summary>Requests of peers that have not been looked at yet, open or ended.</summary>
    public List<Taking> Takings { get; } = [];

    /// <summary>The films that are open.</summary>
    public IReadOnlyCollection<Part> Parts => _parts.Values;

    public Part? PartOf(Film film) => _parts.GetValueOrDefault(film);

    /// <summary>Takes part in a film's swarm; no effect when it does already, or when its chunks are too large.</summary>
    public void Open(Film film, Random dice)
    {
        if (_parts.ContainsKey(film) || !Budget.Fits(film))
        {
            return;
        }

        var chunks = Store.Open(film.Stream);
        var tracker = new FarTracker(film, _network, _time, dice);
        var stream = _services.GetRequiredService<SwarmDirectory>().Open(chunks, tracker);
        stream.PeersFound([.. _network.Peers.Select(p => p.Info)]);
        _parts.Add(film, new Part(film, chunks, stream, tracker, _network.Now));
    }

    /// <summary>Leaves a film's swarm.</summary>
    public async Task CloseAsync(Film film)
    {
        if (_parts.Remove(film, out var part))
        {
            part.IsClosed = true;
            await part.Stream.DisposeAsync();
            Store.Close(film.SwarmId);
        }
    }

    /// <summary>A peer asks for a chunk.</summary>
    public void Take(TakingPlan plan) =>
        Takings.Add(Taking.Begin(plan, this, _services.GetRequiredService<PeerRequestHandler>(), _services, _time));

    /// <summary>Chokes or unchokes a peer, and tells it so meanwhile.</summary>
    public void Choke(Part part, PeerId peer, bool chokes)
    {
        _talks.RemoveAll(t => t.IsCompletedSuccessfully);
        _talks.Add(part.Stream.ChokeAsync(peer, chokes, _end.Token));
    }

    /// <summary>Breaks all connections of peers.</summary>
    public void BreakOff() => Takings.ForEach(t => t.Abort());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        BreakOff();
        await _end.CancelAsync();
        await Task.WhenAll([.. Takings.Select(t => t.Done), .. _talks.Select(t => t.ContinueWith(_ => { }, TaskScheduler.Default))]);
        await Task.WhenAll(_background.Select(service => service.StopAsync(CancellationToken.None)));
        foreach (var film in _parts.Keys.ToList())
        {
            await CloseAsync(film);
        }

        _end.Dispose();
        await _services.DisposeAsync();
    }
}
