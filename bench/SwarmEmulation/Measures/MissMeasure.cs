using SwarmEmulation.Agents;
using SwarmEmulation.Films;

namespace SwarmEmulation.Measures;

/// <summary>Chunks that the agent must fetch from a peer, against the same chunks straight from that peer, in turn.</summary>
internal static class MissMeasure
{
    /// <summary>Chunks left out at the beginning of each table line: connections and code get warm.</summary>
    private const int Warm = 40;

    public static async Task RunAsync(Arguments arguments)
    {
        var (agent, seeder) = (arguments.Url("agent"), arguments.Url("seeder"));
        var (peer, tracker) = (arguments.Url("peer"), arguments.Url("tracker"));
        var chunks = arguments.Number("chunks", 100) + Warm;
        foreach (var size in arguments.Numbers("sizes", 1 << 20, 64 << 10))
        {
            foreach (var hashed in (bool[])[true, false])
            {
                var film = new Film($"miss-{arguments.Text("tag")}-{size}-{hashed}", chunks, size, 2, size);
                await using var stay = await Seeder.FillAsync(seeder, tracker, film);
                using var ours = new Door(agent, "player");
                using var theirs = new Door(peer, "peer");
                await ours.PostAsync(film.Manifest(tracker, null, hashed));
                await ours.WarmAsync(film.Swarm, chunks);
                MachineMemory.Warm(2L * film.Chunks * film.ChunkBytes);
                await CompareAsync($"{size / 1024} KiB, {(hashed ? "with" : "without")} hashes", film, ours, theirs);
            }
        }
    }

    /// <summary>Backwards, so that an agent that fetches ahead finds nothing to fetch.</summary>
    private static async Task CompareAsync(string name, Film film, Door ours, Door theirs)
    {
        List<(ChunkTime Ours, ChunkTime Theirs)> times = [];
        var hits = 0;
        for (var i = film.Chunks - 1; i >= 0; i--)
        {
            var chunk = Film.NameOf(i);
            hits += (await ours.DescribeAsync(film.Swarm)).Held > film.Chunks - 1 - i ? 1 : 0;

            // Both find the peer with the chunk in its memory.
            await theirs.GetAsPeerAsync(film.Swarm, chunk);
            var direct = i % 2 == 0 ? await theirs.GetAsPeerAsync(film.Swarm, chunk) : null;
            var fetched = await ours.GetAsync(film.Swarm, chunk);
            direct ??= await theirs.GetAsPeerAsync(film.Swarm, chunk);
            times.Add((fetched ?? throw new InvalidOperationException("A chunk did not come."), direct ?? throw new InvalidOperationException("The peer refused.")));
        }

        var counted = times.Skip(Warm).ToList();
        Print(name, "total", counted.Select(t => (t.Ours.Total, t.Theirs.Total)));
        Print(name, "first byte", counted.Select(t => (t.Ours.FirstByte, t.Theirs.FirstByte)));
        if (hits > 0)
        {
            Console.WriteLine($"  {hits} of {film.Chunks} chunks were there already and say nothing.");
        }
    }

    private static void Print(string name, string what, IEnumerable<(TimeSpan Ours, TimeSpan Theirs)> times)
    {
        var all = times.ToList();
        var ours = all.Select(t => t.Ours.TotalMilliseconds).Median();
        var theirs = all.Select(t => t.Theirs.TotalMilliseconds).Median();
        var ratio = all.Select(t => t.Ours / t.Theirs).Median();
        Console.WriteLine(FormattableString.Invariant(
            $"chunk miss, {name,-24} {what,-10}  ours {ours,8:0.000} ms   theirs {theirs,8:0.000} ms   ratio {ratio:0.00}   {ours - theirs:+0.000;-0.000} ms"));
    }
}
