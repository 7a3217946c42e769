using SwarmEmulation.Agents;
using SwarmEmulation.Films;
using TestSupport.Links;

namespace SwarmEmulation.Swarms;

/// <summary>One swarm of a scenario: starts everybody, lets the viewers watch, counts.</summary>
internal sealed class EmulatedSwarm(Scenario scenario, Film film, Uri tracker, string folder) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _open = [];
    private readonly List<EmulatedPeer> _holders = [];
    private readonly List<EmulatedPeer> _viewers = [];
    private Link? _originLine;
    private Uri? _origin;

    /// <summary>Starts everybody but the viewers' players.</summary>
    public async Task StartAsync()
    {
        if (scenario.Origin is { } shape)
        {
            var server = await FilmServer.StartAsync(film);
            _open.Add(server);
            _originLine = Link.Open(shape, TimeProvider.System, new Random(1));
            _originLine.Target = server.EndPoint;
            _open.Add(_originLine);
            _origin = FilmServer.UrlOf(_originLine.EndPoint, film);
        }

        foreach (var (i, line) in scenario.Holders.Index())
        {
            _holders.Add(await OpenAsync($"holder-{i}", i));
        }

        foreach (var holder in _holders)
        {
            _open.Add(await Seeder.FillAsync(holder.Proxy, tracker, film));
        }

        foreach (var (i, badness) in scenario.Bad.Index())
        {
            _open.Add(await BadPeer.StartAsync(badness, $"{film.Swarm}-bad-{i}", tracker, film));
        }

        for (var i = 0; i < scenario.Viewers.Count; i++)
        {
            _viewers.Add(await OpenAsync($"viewer-{i}", 100 + i));
        }

        await SetLinesAsync();
    }

    /// <summary>Lets everybody watch to the end.</summary>
    public async Task<SwarmResult> WatchAsync()
    {
        var manifest = film.Manifest(tracker, _origin, hashed: true);
        var length = TimeSpan.FromSeconds(film.Chunks * film.ChunkSeconds);
        using var enough = new CancellationTokenSource((length * 2) + scenario.Viewers.Max(v => v.Plan.StartAfter));
        var before = BytesFromPeers();
        var fromHoldersBefore = BytesFromHolders();
        var results = await Task.WhenAll(_viewers.Select(async (agent, i) =>
        {
            using var viewer = new Viewer(agent.Proxy, film, manifest, scenario.Viewers[i].Plan);
            return await viewer.PlayAsync(enough.Token);
        }));
        return new SwarmResult(
            film,
            results,
            BytesFromPeers() - before,
            BytesFromHolders() - fromHoldersBefore,
            _originLine?.BytesFromServer ?? 0);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Enumerable.Reverse(_open).Select(o => o.DisposeAsync().AsTask()));
    }

    private async Task<EmulatedPeer> OpenAsync(string name, int seed)
    {
        var peer = await EmulatedPeer.StartAsync($"{film.Swarm}-{name}", folder, seed);
        _open.Add(peer);
        return peer;
    }

    /// <summary>Lines were free while the holders were filled.</summary>
    private async Task SetLinesAsync()
    {
        foreach (var (i, holder) in _holders.Index())
        {
            await holder.SetLineAsync(scenario.Holders[i]);
        }

        foreach (var (i, viewer) in _viewers.Index())
        {
            await viewer.SetLineAsync(scenario.Viewers[i].Line);
        }
    }

    private long BytesFromHolders() => _holders.Sum(h => h.Link.BytesFromServer);

    private long BytesFromPeers() => _holders.Concat(_viewers).Sum(p => p.Link.BytesFromServer);
}
