using System.Globalization;
using SwarmEmulation.Agents;
using SwarmEmulation.Films;

namespace SwarmEmulation.Measures;

/// <summary>An agent's memory while many players get chunks of many streams, held ones and missing ones.</summary>
internal static class CrowdMeasure
{
    public static async Task RunAsync(Arguments arguments)
    {
        var (agent, tracker, pid) = (arguments.Url("agent"), arguments.Url("tracker"), arguments.Number("pid", 0));
        var films = Enumerable.Range(0, arguments.Number("streams", 100))
            .Select(i => new Film($"crowd-{i}", arguments.Number("chunks", 24), 250_000, 2, i)).ToList();
        await using var stay = await Seeder.FillAsync(arguments.Url("seeder"), tracker, films);
        Console.WriteLine($"memory, idle                              {Resident(pid, "VmRSS"),6} MiB");
        using (var door = new Door(agent, "player-0"))
        {
            foreach (var film in films)
            {
                await door.PostAsync(film.Manifest(tracker, null, hashed: true));
            }
        }

        Console.WriteLine($"memory, {films.Count} streams known                {Resident(pid, "VmRSS"),6} MiB");
        var failed = await PlayAsync(agent, films, arguments.Number("players", 50), missing: true);
        Console.WriteLine($"memory, all chunks fetched                {Resident(pid, "VmRSS"),6} MiB   ({failed} chunks failed)");
        failed = await PlayAsync(agent, films, arguments.Number("players", 50), missing: false);
        Console.WriteLine($"memory, all chunks played again           {Resident(pid, "VmRSS"),6} MiB   ({failed} chunks failed)");
        Console.WriteLine($"memory, the most at any time              {Resident(pid, "VmHWM"),6} MiB");
    }

    /// <summary>Every film is played once; with each chunk that may be missing goes one that is held. For how many chunks a request failed.</summary>
    private static async Task<int> PlayAsync(Uri agent, List<Film> films, int players, bool missing)
    {
        var next = -1;
        var failed = 0;
        await Task.WhenAll(Enumerable.Range(0, players).Select(player => Task.Run(async () =>
        {
            using var door = new Door(agent, $"player-{player}");
            var dice = new Random(player);
            for (int place; (place = Interlocked.Increment(ref next)) < films.Count;)
            {
                var film = films[place];
                for (var chunk = 0; chunk < film.Chunks; chunk++)
                {
                    var came = await door.GetAsync(film.Swarm, Film.NameOf(chunk)) is not null;
                    if (missing)
                    {
                        came &= await door.GetAsync(film.Swarm, Film.NameOf(dice.Next(chunk + 1))) is not null;
                    }

                    Interlocked.Add(ref failed, came ? 0 : 1);
                }
            }
        })));
        return failed;
    }

    private static long Resident(int pid, string line) => File.ReadLines($"/proc/{pid}/status")
        .Where(l => l.StartsWith(line, StringComparison.Ordinal))
        .Select(l => long.Parse(l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024).First();
}
