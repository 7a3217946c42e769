using System.Globalization;
using EndToEnd.Tests.Programs;

namespace EndToEnd.Tests.Storing;

/// <summary>A film much larger than what the player's agent may keep. FILM_MIB sets its size in MiB.</summary>
public sealed class BoundedStoreTests(ITestOutputHelper output)
{
    private const long MiB = 1 << 20;
    private const long MostBytes = 64 * MiB;
    private const int UsualFilm = 500;
    private const int InFlight = 5;
    private const string Swarm = "long-film";
    private const string Player = "small-player";

    [Fact]
    public async Task A_film_larger_than_the_store_plays_and_tracker_and_peers_are_told_what_is_still_there()
    {
        using var folder = new TempFolder();
        var film = new LongFilm(FilmMiB() * MiB);
        await film.WriteAsync(folder["chunks"]);
        await using var tracker = await Tracker.StartAsync();
        await using var seeder = await Agent.PublishAsync(
            folder["seeder"], folder["chunks"], "--name", "film", "--swarm", Swarm, "--tracker", tracker.Url.ToString(), "--out", folder["film.xml"]);
        await Eventually.HoldsAsync(() => File.Exists(folder["film.xml"]), "the swarm is joined");
        Directory.Delete(folder["chunks"], recursive: true);
        await using var agent = await Agent.RunAsync(
            folder["player"],
            $"--PeerAgent:Store:MaxBytes={MostBytes}",
            $"--PeerAgent:Store:MemoryBytes={MostBytes / 2}",
            "--PeerAgent:Tracker:StatReportInterval=00:00:00.3",
            "--PeerAgent:Identity:PeerId=" + Player);
        var door = await PeerDoor.OfAsync(agent, Swarm);

        await using var watch = new FolderWatch(folder["player"]);
        var stream = await agent.PostManifestAsync(folder["film.xml"]);
        await PlayAsync(agent, stream, film, 0, film.Count / 2);
        await TrackerFollowsAsync(tracker, door, film, isGone: 0);
        await PlayAsync(agent, stream, film, film.Count / 2, film.Count);
        await TrackerFollowsAsync(tracker, door, film, isGone: 0);
        await PlayAsync(agent, stream, film, 0, film.Count / 3);
        await TrackerFollowsAsync(tracker, door, film, isGone: film.Count - 1);

        output.WriteLine($"{film.Count} chunks; {watch.Most} bytes at most in {watch.Looks} looks.");
        Assert.InRange(watch.Most, MostBytes * 3 / 4, MostBytes);
    }

    /// <summary>Asks for the next chunks while the one before is still on its way.</summary>
    private static async Task PlayAsync(Agent agent, string stream, LongFilm film, int from, int to)
    {
        var asked = new Queue<Task>();
        for (var i = from; i < to; i++)
        {
            asked.Enqueue(GetAsync(agent, stream, film, i));
            if (asked.Count == InFlight)
            {
                await asked.Dequeue();
            }
        }

        await Task.WhenAll(asked);
    }

    private static async Task GetAsync(Agent agent, string stream, LongFilm film, int index)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(agent.Proxy, $"{stream}/{LongFilm.NameOf(index)}"));
        request.Headers.Add("X-Player-Id", "viewer");
        using var answer = await Agent.Client.SendAsync(request);
        var content = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.IsSuccessStatusCode, $"Chunk {index}: {answer.StatusCode} {agent.Program.Errors}");
        Assert.True(content.AsSpan().SequenceEqual(film.BytesOf(index)), $"Chunk {index} is not as it was published.");
    }

    /// <summary>Soon the tracker names the agent for just those chunks that it gives to strangers.</summary>
    private static async Task TrackerFollowsAsync(Tracker tracker, PeerDoor door, LongFilm film, int isGone)
    {
        var (told, given) = (new HashSet<int>(), new HashSet<int>());
        try
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    told = await ToldAsync(tracker, film);
                    given = await GivenAsync(door, film);
                    return told.SetEquals(given);
                },
                "the tracker names the agent for the chunks that it gives away");
        }
        catch (TimeoutException)
        {
            Assert.Equal(given.Order(), told.Order());
        }

        Assert.NotEmpty(given);
        Assert.DoesNotContain(isGone, given);
    }

    private static async Task<HashSet<int>> ToldAsync(Tracker tracker, LongFilm film)
    {
        var told = new HashSet<int>();
        for (var i = 0; i < film.Count; i++)
        {
            if ((await tracker.FindChunkAsync(Swarm, i)).Any(p => p.PeerId.Value == Player))
            {
                told.Add(i);
            }
        }

        return told;
    }

    private static async Task<HashSet<int>> GivenAsync(PeerDoor door, LongFilm film)
    {
        var given = new HashSet<int>();
        for (var i = 0; i < film.Count; i++)
        {
            if (await door.GetAsync(LongFilm.NameOf(i)) is { } content)
            {
                Assert.True(content.AsSpan().SequenceEqual(film.BytesOf(i)), $"A stranger got chunk {i} wrong.");
                given.Add(i);
            }
        }

        return given;
    }

    private static long FilmMiB() =>
        int.TryParse(Environment.GetEnvironmentVariable("FILM_MIB"), CultureInfo.InvariantCulture, out var size) ? size : UsualFilm;
}
