using EndToEnd.Tests.Programs;

namespace EndToEnd.Tests.Trackers;

/// <summary>Two trackers of tier 1 and one of tier 2 die and come back, while a film plays.</summary>
public sealed class DyingTrackersTests
{
    private const string Player = "player";
    private const string Seeder = "seeder";
    private const int Chunks = 400;

    /// <summary>These are played when nobody is alive but the peers.</summary>
    private static readonly Range Last = 370..Chunks;

    private static readonly string[] Quick =
    [
        "--PeerAgent:Tracker:RequestTimeout=00:00:02", "--PeerAgent:Tracker:Retries=1", "--PeerAgent:Tracker:KeepAliveInterval=00:00:00.5",
        "--PeerAgent:Tracker:StatReportInterval=00:00:00.5", "--PeerAgent:Tracker:FailbackInterval=00:00:00.3",
    ];

    [Fact]
    public async Task A_film_plays_on_while_trackers_die_and_come_back_and_each_tracker_hears_what_the_protocol_asks_for()
    {
        using var folder = new TempFolder();
        await using var a = await MortalTracker.StartAsync();
        await using var b = await MortalTracker.StartAsync();
        await using var c = await MortalTracker.StartAsync();

        // Only one tracker at first, so that player and seeder meet.
        await b.KillAsync();
        await c.KillAsync();
        var chunks = SmallFilm.Make(folder["chunks"], Chunks);
        await using var seeder = await Agent.PublishAsync(
            folder["seeder"],
            [folder["chunks"], "--name", "film", "--out", folder["film.xml"], "--swarm", "one", "--PeerAgent:Identity:PeerId=" + Seeder,
            "--tracker", $"{a.Url}@1", "--tracker", $"{b.Url}@1", "--tracker", $"{c.Url}@2", .. Quick]);
        await Eventually.HoldsAsync(() => File.Exists(folder["film.xml"]), "the swarm is joined");
        await using var agent = await Agent.RunAsync(folder["player"], ["--PeerAgent:Identity:PeerId=" + Player, .. Quick]);
        var one = await agent.PostManifestAsync(folder["film.xml"], Player);
        var two = await agent.PostManifestAsync(await OtherSwarmAsync(folder), Player);
        await b.ReviveAsync();
        await c.ReviveAsync();
        await using var player = new SteadyPlayer(agent, one, Player, [.. chunks.Take(Last.Start.Value)]);
        await player.GoesOnAsync(5);
        Assert.Equal(["CONNECT", "JOIN one", "FIND_PEER one", "STAT_REPORT"], Spoken(a, Player)[..4]);

        await EachDiesInTurnAsync(a, b, c, player);
        await AllDieAsync([a, b, c], player, [.. chunks.Index().Take(Last)]);

        await player.StopAsync();

        // A promise to users, not a measure of speed: what a player has in its buffer lasts longer.
        Assert.True(player.LongestWait < TimeSpan.FromSeconds(8), $"A chunk took {player.LongestWait}.");
        await LeaveAsync(agent, [one, two], [a, b, c]);
        seeder.Program.Terminate();
        Assert.Equal(0, await seeder.Program.ExitAsync());
        foreach (var tracker in (MortalTracker[])[a, b, c])
        {
            Etiquette.Check(tracker, Player);
            Etiquette.Check(tracker, Seeder);
        }
    }

    private static async Task EachDiesInTurnAsync(MortalTracker a, MortalTracker b, MortalTracker c, SteadyPlayer player)
    {
        // From the first to the second of the best tier, and back when that one dies.
        await a.KillAsync();
        await MovedToAsync(b);
        await a.ReviveAsync();
        await player.GoesOnAsync(5);
        await b.KillAsync();
        await MovedToAsync(a);

        // Nobody is left in the best tier: down to the next; up again, with a goodbye, when one answers.
        await a.KillAsync();
        await MovedToAsync(c);
        await player.GoesOnAsync(5);
        await b.ReviveAsync();
        await MovedToAsync(b);
        await Eventually.HoldsAsync(() => !c.Knows(Player) && !c.Knows(Seeder), "DISCONNECT where they came from");
        await a.ReviveAsync();

        // Nobody is registered there any more: nobody moves.
        var before = b.From(Player).Count(h => h.Method == "CONNECT");
        await c.KillAsync();
        await player.GoesOnAsync(40);
        await c.ReviveAsync();
        Assert.True(b.Knows(Player));
        Assert.Equal(before, b.From(Player).Count(h => h.Method == "CONNECT"));
    }

    private static async Task AllDieAsync(MortalTracker[] trackers, SteadyPlayer player, IReadOnlyList<(int Index, byte[] Content)> rest)
    {
        foreach (var tracker in trackers)
        {
            await tracker.KillAsync();
        }

        foreach (var (index, content) in rest)
        {
            await player.GetAsync(index, content);
        }

        await player.GoesOnAsync(30);
        foreach (var tracker in trackers)
        {
            await tracker.ReviveAsync();
        }

        await Eventually.HoldsAsync(
            () => trackers.Count(t => t.Knows(Player)) == 1 && trackers.Count(t => t.Knows(Seeder)) == 1 && !trackers[^1].Knows(Player),
            "both are registered once, the player in the best tier");
        await player.GoesOnAsync(5);
    }

    /// <summary>Both agents come here and say everything again, in the order that the protocol asks for.</summary>
    private static async Task MovedToAsync(MortalTracker tracker)
    {
        await Eventually.HoldsAsync(
            () => tracker.Knows(Seeder) && Spoken(tracker, Seeder).Contains("STAT_REPORT"), $"the seeder registers at {tracker.Url}");
        await Eventually.HoldsAsync(
            () => tracker.Knows(Player) && Spoken(tracker, Player).Count(m => m.StartsWith("FIND_PEER", StringComparison.Ordinal)) == 2,
            $"the player registers at {tracker.Url} and asks for peers");

        // On a busy machine the next report is due before the first FIND_PEER, and goes first.
        Assert.Equal(
            ["CONNECT", "JOIN one", "JOIN two", "STAT_REPORT", "FIND_PEER one"], Spoken(tracker, Player).Distinct().Take(5));
        Assert.Equal(["CONNECT", "JOIN one", "STAT_REPORT"], Spoken(tracker, Seeder)[..3]);
    }

    /// <summary>What a peer said from its last CONNECT on. FIND_CHUNK runs beside the rest, so it is left out.</summary>
    private static string[] Spoken(MortalTracker tracker, string peer) =>
    [
        .. tracker.From(peer).Reverse().TakeWhile(h => h.Method != "CONNECT").Reverse().Where(h => h.Method != "FIND_CHUNK")
            .Select(h => h.Swarm is null ? h.Method : $"{h.Method} {h.Swarm}").Prepend("CONNECT"),
    ];

    private static async Task LeaveAsync(Agent agent, string[] streams, MortalTracker[] trackers)
    {
        var home = trackers.Single(t => t.Knows(Player));
        foreach (var stream in streams)
        {
            await agent.LeaveAsync(stream, Player);
        }

        await Eventually.HoldsAsync(() => !home.Knows(Player), "DISCONNECT");
        Assert.Equal(["LEAVE one", "LEAVE two", "DISCONNECT"], Spoken(home, Player)[^3..]);
        agent.Program.Terminate();
        Assert.Equal(0, await agent.Program.ExitAsync());
        Assert.Equal("DISCONNECT", Spoken(home, Player)[^1]);
    }

    /// <summary>Another stream with the same trackers.</summary>
    private static async Task<string> OtherSwarmAsync(TempFolder folder)
    {
        var text = await File.ReadAllTextAsync(folder["film.xml"]);
        Assert.Contains(">one<", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder["other.xml"], text.Replace(">one<", ">two<", StringComparison.Ordinal));
        return folder["other.xml"];
    }
}
