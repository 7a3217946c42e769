using System.Diagnostics;
using SwarmEmulation.Agents;
using SwarmEmulation.Films;

namespace SwarmEmulation.Measures;

/// <summary>From the manifest's POST to the first byte of the first chunk; each time a swarm that the agent has never seen.</summary>
internal static class FirstByteMeasure
{
    public static async Task RunAsync(Arguments arguments)
    {
        var (agent, tracker) = (arguments.Url("agent"), arguments.Url("tracker"));
        var films = Enumerable.Range(0, arguments.Number("rounds", 40))
            .Select(i => new Film($"start-{i}", 3, 250_000, 2, i)).ToList();
        await using var stay = await Seeder.FillAsync(arguments.Url("seeder"), tracker, films);
        List<(bool Hashed, double FirstByte, double Post)> times = [];
        foreach (var (i, film) in films.Index())
        {
            var hashed = i % 2 == 0;
            using var player = new Door(agent, "player");
            var started = Stopwatch.GetTimestamp();
            await player.PostAsync(film.Manifest(tracker, null, hashed));
            var posted = Stopwatch.GetElapsedTime(started);
            var chunk = await player.GetAsync(film.Swarm, Film.NameOf(0))
                ?? throw new InvalidOperationException("The first chunk did not come.");
            times.Add((hashed, (posted + chunk.FirstByte).TotalMilliseconds, posted.TotalMilliseconds));
        }

        Console.WriteLine(FormattableString.Invariant($"first of all (code and connections cold)   {times[0].FirstByte,8:0.0} ms   of that the POST {times[0].Post:0.0} ms"));
        foreach (var hashed in (bool[])[true, false])
        {
            var all = times.Skip(2).Where(t => t.Hashed == hashed).ToList();
            Console.WriteLine(FormattableString.Invariant(
                $"first byte after POST, {(hashed ? "with" : "without"),7} hashes   median {all.Select(t => t.FirstByte).Median(),8:0.0} ms   p95 {all.Select(t => t.FirstByte).Quantile(0.95),8:0.0} ms   of that the POST {all.Select(t => t.Post).Median():0.0} ms"));
        }
    }
}
