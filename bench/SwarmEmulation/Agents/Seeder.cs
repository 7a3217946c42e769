using SwarmEmulation.Films;

namespace SwarmEmulation.Agents;

/// <summary>Makes an agent hold films: it gets them from an origin that only its manifest names.</summary>
internal static class Seeder
{
    /// <summary>Fills the agent, and keeps being its player until disposed.</summary>
    public static async Task<IAsyncDisposable> FillAsync(Uri agent, Uri tracker, params IReadOnlyList<Film> films)
    {
        await using var origin = await FilmServer.StartAsync(films);
        var door = new Door(agent, "seeder");
        foreach (var film in films)
        {
            await door.PostAsync(film.Manifest(tracker, origin.UrlOf(film), hashed: true));
            for (var i = 0; i < film.Chunks; i++)
            {
                if (await door.GetAsync(film.Swarm, Film.NameOf(i)) is not { } got || got.Bytes != film.ChunkBytes)
                {
                    throw new InvalidOperationException($"The seeder did not get chunk {i} of {film.Swarm}.");
                }
            }
        }

        return new Stay(door, films);
    }

    /// <summary>Asks for a chunk of each film now and then, so that the seeder stays in their swarms.</summary>
    private sealed class Stay : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Door _door;
        private readonly Task _staying;

        public Stay(Door door, IReadOnlyList<Film> films)
        {
            _door = door;
            _staying = StayAsync(films);
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _staying;
            _door.Dispose();
            _end.Dispose();
        }

        private async Task StayAsync(IReadOnlyList<Film> films)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(15));
            try
            {
                while (await timer.WaitForNextTickAsync(_end.Token))
                {
                    foreach (var film in films)
                    {
                        await _door.GetAsync(film.Swarm, Film.NameOf(film.Chunks - 1), _end.Token);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // It may go.
            }
        }
    }
}
