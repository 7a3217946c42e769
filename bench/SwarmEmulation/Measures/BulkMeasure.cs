using System.Diagnostics;
using System.Globalization;
using SwarmEmulation.Agents;
using SwarmEmulation.Films;

namespace SwarmEmulation.Measures;

/// <summary>A long film from one peer to another, against another program doing the same, in turn.</summary>
internal static class BulkMeasure
{
    /// <summary>Films that are fetched before anything is measured.</summary>
    private const int WarmFilms = 8;

    public static async Task RunAsync(Arguments arguments)
    {
        var tracker = arguments.Url("tracker");
        var film = new Film("bulk", arguments.Number("mebibytes", 512), 1 << 20, 2, 7);
        List<Film> warm = [.. Enumerable.Range(8, WarmFilms).Select(i => new Film($"warm-{i}", 200, (i % 2 == 0 ? 32 : 256) << 10, 2, i))];
        await using var stay = await Seeder.FillAsync(arguments.Url("seeder"), tracker, [.. warm, film]);
        int[] pids = [.. arguments.Text("agent-pids").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => int.Parse(p, CultureInfo.InvariantCulture))];
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        List<double> ours = [];
        List<double> theirs = [];
        foreach (var agent in arguments.Text("agents").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            // For nothing: the agent's code is compiled as it is used, step by step and behind its back; the other program's was before.
            foreach (var other in warm)
            {
                await FetchAsync(new Uri(agent), tracker, other, arguments.Number("connections", 4));
                await pause.WaitForNextTickAsync();
            }

            MachineMemory.Warm(2L * film.Chunks * film.ChunkBytes);
            (string, int)[] programs = [("seeder", arguments.Number("seeder-pid", 0)), ("agent", pids[ours.Count]), ("player", Environment.ProcessId)];
            var before = SpentBy(programs);
            ours.Add(await FetchAsync(new Uri(agent), tracker, film, arguments.Number("connections", 4)));
            var spent = SpentBy(programs).Zip(before, (a, b) => FormattableString.Invariant(
                $"{a.Name} {(a.User - b.User).TotalSeconds:0.00} + {(a.System - b.System).TotalSeconds:0.00}"));
            theirs.Add(await RivalAsync(arguments.Text("rival"), film.Chunks));
            Console.WriteLine(FormattableString.Invariant(
                $"  round {ours.Count}: ours {ours[^1]:0} MB/s   theirs {theirs[^1]:0} MB/s   (CPU s, user + system: {string.Join(", ", spent)})"));
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{film.Chunks} MiB from peer to peer (MB/s)   ours {ours.Median(),6:0}   theirs {theirs.Median(),6:0}   ratio {ours.Zip(theirs, (a, b) => a / b).Median():0.00}"));
    }

    /// <summary>Has the agent get every chunk, for a player that takes one byte of each over some connections; 10^6 bytes a second.</summary>
    private static async Task<double> FetchAsync(Uri agent, Uri tracker, Film film, int connections)
    {
        using var first = new Door(agent, "player");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        await first.PostAsync(film.Manifest(tracker, null, hashed: true));
        await first.WarmAsync(film.Swarm, film.Chunks);
        var started = Stopwatch.GetTimestamp();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var door = new Door(agent, "player");
            for (int chunk; (chunk = Interlocked.Increment(ref next)) < film.Chunks;)
            {
                if (!await door.TouchAsync(film.Swarm, Film.NameOf(chunk)))
                {
                    throw new InvalidOperationException($"Chunk {chunk} did not come.");
                }
            }
        })));

        // What is held is on disk.
        while ((await first.DescribeAsync(film.Swarm)).Held < film.Chunks)
        {
            await timer.WaitForNextTickAsync();
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(5))
            {
                throw new TimeoutException($"The chunks of {film.Swarm} are not all held.");
            }
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return (double)film.Chunks * film.ChunkBytes / seconds / 1e6;
    }

    /// <summary>Processor time of the programs so far, ours the last.</summary>
    private static List<(string Name, TimeSpan User, TimeSpan System)> SpentBy(params IEnumerable<(string Name, int Id)> programs)
    {
        List<(string Name, TimeSpan User, TimeSpan System)> all = [];
        foreach (var (name, id) in programs)
        {
            using var program = Process.GetProcessById(id);
            all.Add((name, program.UserProcessorTime, program.PrivilegedProcessorTime));
        }

        return all;
    }

    private static async Task<double> RivalAsync(string command, int mebibytes)
    {
        var words = command.Split(' ');
        using var program = Process.Start(new ProcessStartInfo(words[0], [.. words[1..], mebibytes.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException($"{words[0]} does not start.");
        var text = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();
        return double.Parse(text, CultureInfo.InvariantCulture);
    }
}
