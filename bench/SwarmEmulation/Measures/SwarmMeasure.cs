using System.Diagnostics;
using ReferenceTracker.Hosting;
using SwarmEmulation.Films;
using SwarmEmulation.Swarms;

namespace SwarmEmulation.Measures;

/// <summary>The table of emulated swarms.</summary>
internal static class SwarmMeasure
{
    /// <summary>Chunks of the film that many watch: long enough that its start is not most of it.</summary>
    private const int CrowdsChunks = 240;

    /// <summary>Chunks of the film that one viewer watches.</summary>
    private const int FewChunks = 60;

    /// <summary>How often this process wants to be woken, to see how late it is.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    public static async Task RunAsync(Arguments arguments)
    {
        var film = FilmNo(0, CrowdsChunks, arguments);
        var scenarios = new Scenarios(film);
        var sizes = arguments.Numbers("peers", 2, 10, 50);
        List<Scenario> quick = [.. sizes.Where(n => n <= 10).SelectMany(n => (Scenario[])[scenarios.Crowd(n, true), scenarios.Crowd(n, false)])];
        IReadOnlyList<Scenario>[] groups =
        [
            quick,
            arguments.Number("small", 1) == 1 ? scenarios.Small() : [],
            .. sizes.Where(n => n > 10).SelectMany(n => (Scenario[])[scenarios.Crowd(n, true), scenarios.Crowd(n, false)]).Select(s => new[] { s }),
        ];
        Console.WriteLine(FormattableString.Invariant(
            $"film: {film.Chunks} chunks of {film.ChunkSeconds} s ({FilmNo(0, FewChunks, arguments).Chunks} where one watches), {film.ChunkBytes} bytes each; players keep {ViewerPlan.Buffer.TotalSeconds} s ahead; times in ms, median/p95"));
        Console.WriteLine(SwarmTable.Head);
        var only = arguments.Text("only", "");
        var number = 0;
        foreach (var group in groups.Select(g => g.Where(s => s.Name.Contains(only, StringComparison.Ordinal)).ToList()).Where(g => g.Count > 0))
        {
            var late = await RunGroupAsync(group, arguments, ++number);
            Console.WriteLine(FormattableString.Invariant($"  (wakened {late.Quantile(0.5):0} / {late.Quantile(0.99):0} ms late, median / p99: far above 1 / 10 the machine has no time for this)"));
        }
    }

    private static Film FilmNo(int number, int chunks, Arguments arguments) =>
        new($"swarm-{number}", arguments.Number("chunks", chunks), arguments.Number("chunk-bytes", 125_000), 1, number);

    /// <summary>Runs swarms side by side.</summary>
    private static async Task<List<double>> RunGroupAsync(IReadOnlyList<Scenario> group, Arguments arguments, int number)
    {
        var folder = Directory.CreateTempSubdirectory("swarm-emulation-");
        await using var tracker = TrackerHost.Create(
            ["--ReferenceTracker:Listen=http://127.0.0.1:0", "--ReferenceTracker:Peers:Timeout=00:10:00", "--Logging:LogLevel:Default=None"],
            customise: null);
        await tracker.StartAsync();
        var url = new Uri(tracker.Urls.First());
        var swarms = group.Index().SelectMany(s => Enumerable.Range(0, s.Item.Copies).Select(copy => (
            Scenario: s.Item,
            Swarm: new EmulatedSwarm(s.Item, FilmNo((number * 1000) + (s.Index * 10) + copy, ChunksFor(s.Item), arguments), url, folder.FullName)))).ToList();
        try
        {
            foreach (var (_, swarm) in swarms)
            {
                await swarm.StartAsync();
            }

            using var end = new CancellationTokenSource();
            var late = WatchClockAsync(end.Token);
            var results = await Task.WhenAll(swarms.Select(s => Task.Run(s.Swarm.WatchAsync)));
            await end.CancelAsync();
            foreach (var line in swarms.Zip(results).GroupBy(r => r.First.Scenario, r => r.Second))
            {
                Console.WriteLine(SwarmTable.Line(line.Key, [.. line]));
            }

            return await late;
        }
        finally
        {
            await Task.WhenAll(swarms.Select(s => s.Swarm.DisposeAsync().AsTask()));
            folder.Delete(recursive: true);
        }
    }

    private static int ChunksFor(Scenario scenario) => scenario.Viewers.Count > 1 ? CrowdsChunks : FewChunks;

    private static async Task<List<double>> WatchClockAsync(CancellationToken end)
    {
        List<double> late = [];
        while (!end.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            await Task.Delay(Tick, CancellationToken.None);
            late.Add((Stopwatch.GetElapsedTime(started) - Tick).TotalMilliseconds);
        }

        return late;
    }
}
