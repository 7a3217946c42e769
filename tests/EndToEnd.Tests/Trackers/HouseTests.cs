using EndToEnd.Tests.Programs;

namespace EndToEnd.Tests.Trackers;

/// <summary>Several players of one house share an agent: what the trackers hear of their coming and going.</summary>
public sealed class HouseTests
{
    private const string House = "house";

    /// <summary>Long enough for the steps that must not take longer, on a busy machine too.</summary>
    private static readonly string[] ShortOfPatience = ["--PeerAgent:Players:IdleTimeout=00:00:04"];

    [Fact]
    public async Task Two_streams_share_one_CONNECT_and_the_last_player_of_each_says_LEAVE_and_the_last_of_all_DISCONNECT()
    {
        using var folder = new TempFolder();
        await using var tracker = await MortalTracker.StartAsync();
        var film = SmallFilm.Make(folder["chunks"], 20);
        await using var first = await PublishAsync(folder, tracker, "one");
        await using var second = await PublishAsync(folder, tracker, "two");
        await using var agent = await Agent.RunAsync(folder["house"], ["--PeerAgent:Identity:PeerId=" + House, .. ShortOfPatience]);
        var (header, query, television) =
            (new HousePlayer(agent, header: "1"), new HousePlayer(agent, query: "2"), new HousePlayer(agent, userAgent: "television/1"));

        var one = await header.PostAsync(folder["one.xml"]);
        Assert.Equal(one, await query.PostAsync(folder["one.xml"]));
        var two = await television.PostAsync(folder["two.xml"]);
        await using var watching = new SteadyPlayer(agent, two, "kitchen", film);
        await watching.GoesOnAsync(1);
        Assert.Equal(film[3], await query.GetAsync(one, 3));
        await television.LeaveAsync(two);
        Assert.Equal(["CONNECT", "JOIN one", "JOIN two"], Membership(tracker));

        // One of two goes, then the other; the second stream is still watched.
        await header.LeaveAsync(one);
        Assert.DoesNotContain(tracker.From(House), h => h.Method == "LEAVE");
        await query.LeaveAsync(one);
        await Eventually.HoldsAsync(() => Membership(tracker).Length == 4, "LEAVE");
        Assert.Equal(["CONNECT", "JOIN one", "JOIN two", "LEAVE one"], Membership(tracker));

        // The last one falls silent.
        await watching.StopAsync();
        await Eventually.HoldsAsync(() => !tracker.Knows(House), "DISCONNECT");
        Assert.Equal(["CONNECT", "JOIN one", "JOIN two", "LEAVE one", "LEAVE two", "DISCONNECT"], Membership(tracker));

        // It had only paused: without a manifest it finds its stream again.
        Assert.Equal(film[19], await header.GetAsync(one, 19));
        await Eventually.HoldsAsync(() => Membership(tracker).Length == 8, "CONNECT and JOIN again");
        Assert.Equal(["CONNECT", "JOIN one"], Membership(tracker)[^2..]);
        Etiquette.Check(tracker, House);
    }

    [Fact]
    public async Task A_stream_with_other_trackers_has_a_session_of_its_own()
    {
        using var folder = new TempFolder();
        await using var tracker = await MortalTracker.StartAsync();
        await using var other = await MortalTracker.StartAsync();
        SmallFilm.Make(folder["chunks"], 2);
        await using var first = await PublishAsync(folder, tracker, "one");
        await using var second = await PublishAsync(folder, other, "two");
        await using var agent = await Agent.RunAsync(folder["house"], "--PeerAgent:Identity:PeerId=" + House);
        var player = new HousePlayer(agent);
        var one = await player.PostAsync(folder["one.xml"]);
        var two = await player.PostAsync(folder["two.xml"]);
        Assert.Equal(["CONNECT", "JOIN one"], Membership(tracker));
        Assert.Equal(["CONNECT", "JOIN two"], Membership(other));

        await player.LeaveAsync(two);
        await Eventually.HoldsAsync(() => !other.Knows(House), "DISCONNECT at the one");
        Assert.Equal(["CONNECT", "JOIN two", "LEAVE two", "DISCONNECT"], Membership(other));
        Assert.Equal(["CONNECT", "JOIN one"], Membership(tracker));
        await player.LeaveAsync(one);
        await Eventually.HoldsAsync(() => !tracker.Knows(House), "DISCONNECT at the other");
        Etiquette.Check(tracker, House);
        Etiquette.Check(other, House);
    }

    [Fact]
    public async Task A_stream_that_is_seeded_is_not_left_when_its_players_go()
    {
        using var folder = new TempFolder();
        await using var tracker = await MortalTracker.StartAsync();
        var film = SmallFilm.Make(folder["chunks"], 2);
        await using var seeder = await PublishAsync(folder, tracker, "one", "--PeerAgent:Players:IdleTimeout=00:00:01");
        var (leaving, silent) = (new HousePlayer(seeder, header: "1"), new HousePlayer(seeder, header: "2"));

        Assert.Equal(film[0], await leaving.GetAsync("/streams/one", 0));
        Assert.Equal(film[1], await silent.GetAsync("/streams/one", 1));
        await leaving.LeaveAsync("/streams/one");
        await Eventually.HoldsAsync(
            async () => (await seeder.GetJsonAsync("/streams/one")).GetProperty("players").GetInt32() == 0, "the silent one is gone, too");

        Assert.Equal("seeding", (await seeder.GetJsonAsync("/streams/one")).GetProperty("state").GetString());
        Assert.DoesNotContain(tracker.Heard, h => h.Method is "LEAVE" or "DISCONNECT");
    }

    /// <summary>What the house said of being there and of swarms, in order.</summary>
    private static string[] Membership(MortalTracker tracker) =>
    [
        .. tracker.From(House).Where(h => h.Method is "CONNECT" or "JOIN" or "LEAVE" or "DISCONNECT")
            .Select(h => h.Swarm is null ? h.Method : $"{h.Method} {h.Swarm}"),
    ];

    private static async Task<Agent> PublishAsync(TempFolder folder, MortalTracker tracker, string swarm, params string[] settings)
    {
        var seeder = await Agent.PublishAsync(
            folder["seeder " + swarm],
            [folder["chunks"], "--name", "film", "--swarm", swarm, "--out", folder[swarm + ".xml"], "--tracker", tracker.Url.ToString(), .. settings]);
        await Eventually.HoldsAsync(() => File.Exists(folder[swarm + ".xml"]), "the swarm is joined");
        return seeder;
    }
}
