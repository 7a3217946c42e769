using System.Net;

namespace SwarmEmulation.Films;

/// <summary>An origin: a plain web server with films, each below its SwarmID.</summary>
internal sealed class FilmServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Dictionary<string, Film> _films;
    private long _bytes;

    private FilmServer(WebApplication app, IEnumerable<Film> films)
    {
        _app = app;
        _films = films.ToDictionary(f => f.Swarm);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => new(IPAddress.Loopback, new Uri(_app.Urls.First()).Port);

    /// <summary>Bytes of chunks that were asked for.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Base URL of a film when the server is reached at an end point.</summary>
    public static Uri UrlOf(IPEndPoint at, Film film) => new($"http://{at}/{film.Swarm}/");

    /// <summary>Base URL of a film.</summary>
    public Uri UrlOf(Film film) => UrlOf(EndPoint, film);

    /// <summary>Starts one on a free port.</summary>
    public static async Task<FilmServer> StartAsync(params IEnumerable<Film> films)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new FilmServer(app, films);
        app.MapGet("/{swarm}/{**name}", server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private IResult AnswerAsync(string swarm, string name)
    {
        var file = name[(name.LastIndexOf('/') + 1)..];
        if (!_films.TryGetValue(swarm, out var film))
        {
            return Results.NotFound();
        }

        Interlocked.Add(ref _bytes, film.ChunkBytes);
        return Results.Bytes(film.Content(Film.NumberOf(file)), "video/mp2t", enableRangeProcessing: true);
    }
}
