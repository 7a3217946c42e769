using System.Diagnostics;
using System.Globalization;
using SwarmEmulation.Agents;
using SwarmEmulation.Films;

namespace SwarmEmulation.Measures;

/// <summary>A long film from one peer to another, against another program doing the same, in turn.</summary>
internal static class BulkMeasure
{
    public static async Task RunAsync(Arguments arguments)
    {
        var tracker = arguments.Url("tracker");
        var film = new Film("bulk", arguments.Number("mebibytes", 512), 1 << 20, 2, 7);
        var warm = new Film("warm", 64, 1 << 20, 2, 8);
        await using var stay = await Seeder.FillAsync(arguments.Url("seeder"), tracker, warm, film);
        List<double> ours = [];
        List<double> theirs = [];
        foreach (var agent in arguments.Text("agents").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            // Once for nothing: the agent's code is compiled as it is used, the other program's was before.
            await FetchAsync(new Uri(agent), tracker, warm, arguments.Number("connections", 4));
            ours.Add(await FetchAsync(new Uri(agent), tracker, film, arguments.Number("connections", 4)));
            theirs.Add(await RivalAsync(arguments.Text("rival"), film.Chunks));
            Console.WriteLine(FormattableString.Invariant($"  round {ours.Count}: ours {ours[^1]:0} MB/s   theirs {theirs[^1]:0} MB/s"));
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{film.Chunks} MiB from peer to peer (MB/s)   ours {ours.Median(),6:0}   theirs {theirs.Median(),6:0}   ratio {ours.Zip(theirs, (a, b) => a / b).Median():0.00}"));
    }

    /// <summary>Gets every chunk over some connections; 10^6 bytes a second.</summary>
    private static async Task<double> FetchAsync(Uri agent, Uri tracker, Film film, int connections)
    {
        using var first = new Door(agent, "player");
        await first.PostAsync(film.Manifest(tracker, null, hashed: true));
        await first.WarmAsync(film.Swarm, film.Chunks);
        var started = Stopwatch.GetTimestamp();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var door = new Door(agent, "player");
            for (int chunk; (chunk = Interlocked.Increment(ref next)) < film.Chunks;)
            {
                if (await door.GetAsync(film.Swarm, Film.NameOf(chunk)) is not { } got || got.Bytes != film.ChunkBytes)
                {
                    throw new InvalidOperationException($"Chunk {chunk} did not come.");
                }
            }
        })));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var state = await first.DescribeAsync(film.Swarm);
        if (state.Held != film.Chunks)
        {
            throw new InvalidOperationException($"Only {state.Held} chunks are held.");
        }

        return (double)film.Chunks * film.ChunkBytes / seconds / 1e6;
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
