using System.Net;
using PeerAgent.Media.Manifest;
using PeerAgent.Media.Streams;
using PeerAgent.Tests.Proxy;
using PeerAgent.Tests.Running;
using Ppsp.Protocol.Messages;
using TestSupport.Peers;
using TestSupport.Trackers;

namespace PeerAgent.Tests.Streams;

/// <summary>A tracker takes connections and never answers: a player must not wait for it where it need not.</summary>
public sealed class SilentTrackerTests
{
    /// <summary>Whoever waits for a tracker waits longer than the test does.</summary>
    private const string VeryPatient = "--PeerAgent:Tracker:RequestTimeout=00:02:00";

    [Fact]
    public async Task With_an_origin_a_stream_starts_at_once()
    {
        await using var system = await TestSystem.StartAsync();
        await using var tracker = await SilentAsync();
        await using var origin = await FakeOrigin.StartAsync();
        var film = WithOrigins(TestFilm.Make("s", "film", tracker.Url, 1, 1000, hashes: true), origin.Url);
        origin.Script.Chunks["film-00000.ts"] = film.Chunks[0].Content;
        var agent = await system.AgentAsync("agent", VeryPatient);

        Assert.Equal(HttpStatusCode.Created, (await agent.PostManifestAsync(film.Manifest)).StatusCode);
        Assert.Equal(film.Chunks[0].Content, await agent.Player.GetByteArrayAsync("/streams/s/film-00000.ts"));
        Assert.True(tracker.Held > 0);
    }

    [Fact]
    public async Task With_chunks_in_the_store_a_stream_starts_at_once()
    {
        await using var system = await TestSystem.StartAsync();
        await using var tracker = await SilentAsync();
        await using var origin = await FakeOrigin.StartAsync();
        var film = TestFilm.Make("s", "film", tracker.Url, 2, 1000, hashes: true);
        origin.Script.Chunks["film-00000.ts"] = film.Chunks[0].Content;
        var agent = await system.AgentAsync("agent", VeryPatient);
        await agent.PostManifestAsync(WithOrigins(film, origin.Url).Manifest);
        await agent.Player.GetByteArrayAsync("/streams/s/film-00000.ts");
        await agent.Player.DeleteAsync("/streams/s");

        Assert.Equal(HttpStatusCode.OK, (await agent.PostManifestAsync(film.Manifest)).StatusCode);
        Assert.Equal(film.Chunks[0].Content, await agent.Player.GetByteArrayAsync("/streams/s/film-00000.ts"));
    }

    [Fact]
    public async Task Where_the_agent_is_registered_already_a_second_stream_starts_at_once()
    {
        await using var system = await TestSystem.StartAsync();
        await using var tracker = await FakeTracker.StartAsync();
        var agent = await system.AgentAsync("agent", VeryPatient);
        await agent.PostManifestAsync(TestFilm.Make("one", "film", tracker.Url, 1, 1000, hashes: true).Manifest);
        tracker.Always(FakeStep.Silence);

        var answer = await agent.PostManifestAsync(TestFilm.Make("two", "film", tracker.Url, 1, 1000, hashes: true).Manifest);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Fact]
    public async Task With_nothing_else_each_tracker_gets_the_time_of_one_request_and_then_it_is_503_naming_each()
    {
        await using var system = await TestSystem.StartAsync();
        await using var one = await SilentAsync();
        await using var two = await SilentAsync();
        var film = TestFilm.Make("s", "film", one.Url, 1, 1000, hashes: true);
        var info = film.Info with { Trackers = [new TrackerReference(one.Url, 1), new TrackerReference(two.Url, 2)] };
        var agent = await system.AgentAsync("agent", "--PeerAgent:Tracker:RequestTimeout=00:00:00.5", "--PeerAgent:Tracker:Retries=10");

        // All repetitions of both trackers take longer than this player has.
        agent.Player.Timeout = TimeSpan.FromSeconds(5);
        var answer = await agent.PostManifestAsync(StreamInfoWriter.Write(info));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var sentence = await ProblemAssert.HasSentenceAsync(answer);
        Assert.Contains($"{one.Url}: it did not answer within 0.5 s.", sentence, StringComparison.Ordinal);
        Assert.Contains($"{two.Url}: it did not answer within 0.5 s.", sentence, StringComparison.Ordinal);
        Assert.Equal("[]", await agent.Player.GetStringAsync("/streams"));
    }

    [Fact]
    public async Task A_player_that_leaves_does_not_wait_until_the_tracker_knows()
    {
        await using var system = await TestSystem.StartAsync();
        await using var tracker = await FakeTracker.StartAsync();
        var agent = await system.AgentAsync("agent");
        await agent.PostManifestAsync(TestFilm.Make("s", "film", tracker.Url, 1, 1000, hashes: true).Manifest);
        tracker.When(message => message is LeaveRequest ? FakeStep.Silence : null);

        Assert.Equal(HttpStatusCode.NoContent, (await agent.Player.DeleteAsync("/streams/s")).StatusCode);
        await Eventually.HoldsAsync(() => tracker.Held == 1, "LEAVE is under way while the player has gone");
        await Eventually.HoldsAsync(() => tracker.Verbs[^1] == "DISCONNECT", "DISCONNECT although LEAVE is not answered");
    }

    private static async Task<FakeTracker> SilentAsync()
    {
        var tracker = await FakeTracker.StartAsync();
        tracker.Always(FakeStep.Silence);
        return tracker;
    }

    private static TestFilm WithOrigins(TestFilm film, Uri origin)
    {
        var info = film.Info with { Origins = [new Origin(origin, 1)] };
        return film with { Info = info, Manifest = StreamInfoWriter.Write(info) };
    }
}
