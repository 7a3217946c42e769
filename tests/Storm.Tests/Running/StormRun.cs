using Storm.Tests.Checks;
using Storm.Tests.Films;
using Storm.Tests.Network;
using Storm.Tests.Operations;
using Storm.Tests.Players;
using Storm.Tests.Scenes;

namespace Storm.Tests.Running;

/// <summary>One run: so many random operations from a seed, looked at after each.</summary>
internal sealed class StormRun
{
    private const int PlayerCount = 6;
    private const int PeerCount = 12;
    private const int LongLookEvery = 50;
    private const int CountEvery = 4;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(20);
    private static readonly IReadOnlyList<Operation> Operations =
        [.. PlayerOperations.All, .. PeerOperations.All, .. OriginOperations.All, .. UploadOperations.All, .. StoreOperations.All];

    private readonly int _seed;
    private readonly OneThread _thread;
    private readonly ManualTime _time = new();
    private readonly Random _dice;
    private readonly Troupe _troupe;
    private readonly QuickLook _quick;
    private readonly LongLook _long;
    private readonly Diary _diary = new();
    private int _runs;

    private StormRun(int seed, OneThread thread, string folder)
    {
        _seed = seed;
        _thread = thread;
        _dice = new Random(seed);
        var network = new FarNetwork(_time, new());
        Populate(network);
        var findings = new Findings();
        var stage = new Stage(_time, network, folder, findings) { Rooms = NewRooms(network, folder, findings, Budget.Any(_dice)) };
        _troupe = new Troupe
        {
            Stage = stage,
            Dice = _dice,
            Players = [.. Enumerable.Range(1, PlayerCount).Select(i => new Player(i, stage, new Random((seed * 100) + i)))],
            NewRooms = budget => NewRooms(network, folder, findings, budget),
        };
        network.Asking = NoteAsking;
        _quick = new QuickLook(_troupe);
        _long = new LongLook(_troupe, thread);
    }

    /// <summary>Runs a seed; what it found, or null.</summary>
    public static async Task<StormResult> RunAsync(int seed, int operations)
    {
        using var folder = new TempFolder();
        StormResult? result = null;
        await OneThread.RunAsync($"storm {seed}", thread => result = new StormRun(seed, thread, folder.Path).Run(operations));
        return result!;
    }

    private StormResult Run(int operations)
    {
        var done = 0;
        try
        {
            while (done < operations && !_troupe.Stage.Findings.Any)
            {
                Step(++done);
            }

            End();
        }
        catch (Exception e)
        {
            _troupe.Stage.Findings.Add($"The run itself failed: {e}");
        }

        return new StormResult(_seed, done, _troupe.Stage.Findings.Any ? $"{_troupe.Stage.Findings}\n{_diary}" : null)
        {
            Got = _troupe.Players.Sum(p => p.Got),
            Missed = _troupe.Players.Sum(p => p.Missed),
            Asked = _troupe.Stage.Network.Asked,
            AskedOrigins = _troupe.Stage.Network.Origins.Sum(o => o.Asked),
            Lasted = _troupe.Stage.Now,
        };
    }

    private void Step(int number)
    {
        string? what = null;
        while (what is null)
        {
            var doing = Pick().Do(_troupe);
            _thread.Finish(doing, "an operation");
            what = doing.Result;
        }

        _diary.Add(number, _troupe.Stage.Now, what);
        _quick.Look(alsoCounts: false);
        Answer();
        Pass(TimeSpan.FromMilliseconds(_dice.Next(200) == 0 ? _dice.Next(2000, 7000) : _dice.Next(0, 40)));
        _quick.Look(number % CountEvery == 0);
        if (_troupe.MustBeQuiet)
        {
            BeQuiet();
        }

        if (number % LongLookEvery == 0)
        {
            _long.Look();
        }
    }

    private Operation Pick()
    {
        var at = _dice.Next(Operations.Sum(o => o.Weight));
        return Operations.First(o => (at -= o.Weight) < 0);
    }

    /// <summary>Trackers give the lists that were asked for.</summary>
    private void Answer()
    {
        foreach (var part in _troupe.Stage.Rooms.Parts.Where(p => p.Tracker is { PeersWanted: true, IsDown: false }))
        {
            part.Tracker.PeersWanted = false;
            part.Stream.PeersFound([.. _troupe.Stage.Network.Peers.Where(_ => _dice.Next(2) == 0).Select(p => p.Info)]);
        }
    }

    /// <summary>Lets time pass, timer by timer.</summary>
    private void Pass(TimeSpan by)
    {
        _thread.Rest();
        var end = _time.GetUtcNow() + by;
        while (_time.TryAdvanceToNext(end - _time.GetUtcNow()))
        {
            _thread.Rest();
        }

        _time.Advance(end - _time.GetUtcNow());
    }

    /// <summary>Nobody asks for anything: soon nothing is under way any more.</summary>
    private void BeQuiet()
    {
        _troupe.MustBeQuiet = false;
        _troupe.Stage.Rooms.BreakOff();
        Pass(Quiet);
        var network = _troupe.Stage.Network;
        if (network.Open.Count > 0 || _troupe.Stage.Rooms.Parts.Any(p => p.Tracker.Open.Count > 0 || p.Stream.Origins.Any(o => o.OpenRequests > 0)))
        {
            _troupe.Stage.Findings.Add($"Nobody has asked for anything for {Quiet.TotalSeconds} s, and still open is: {string.Join("; ", network.AllOpen)}.");
        }
    }

    private void End()
    {
        foreach (var player in _troupe.Watching.ToList())
        {
            player.Leave();
        }

        _long.Look();
        _thread.Finish(Task.WhenAll(_troupe.Players.Select(p => p.Watching)), "the players' leaving");
        _troupe.Stage.Rooms.BreakOff();
        _thread.Rest();
        _quick.Look(alsoCounts: false);
        _thread.Finish(_troupe.Stage.Rooms.DisposeAsync().AsTask(), "the end of the agent");
        _thread.FinishInTime(() => _troupe.Stage.Network.Serving.All(t => t.IsCompleted));
        _long.LookAtEnd();
    }

    private void Populate(FarNetwork network)
    {
        foreach (var port in Film.Every.SelectMany(f => f.Plan.Origins).Distinct().Order())
        {
            network.Origins.Add(new FarOrigin(port, new FarPeer(port, new Random((_seed * 10_000) + port)), _time));
        }

        for (var i = 1; i <= PeerCount; i++)
        {
            var peer = new FarPeer(i, new Random((_seed * 1000) + i));
            foreach (var film in Film.Every)
            {
                var part = i <= 3 ? 1 : _dice.NextDouble();
                peer.Hold(film, film.All.Where(_ => _dice.NextDouble() < part));
            }

            peer.SteadySince = i <= 3 && peer.BytesPerSecond > 20_000 ? TimeSpan.Zero : null;
            network.Join(peer);
        }
    }

    private Rooms NewRooms(FarNetwork network, string folder, Findings findings, Budget budget)
    {
        var rooms = new Rooms(folder, budget, network, _time, findings, (_seed * 10_000) + _runs++);
        foreach (var film in Film.Every)
        {
            rooms.Open(film, new Random(_dice.Next()));
        }

        return rooms;
    }

    private void NoteAsking(FarPeer peer, Ppsp.Protocol.Ids.SwarmId swarmId)
    {
        if (_troupe.Stage.Rooms.Parts.FirstOrDefault(p => p.Film.SwarmId == swarmId) is { } part && part.Banned.Contains(peer.Number))
        {
            _troupe.Stage.Findings.Add($"{peer.Id} was banned in {swarmId} and is asked again.");
        }
    }
}
