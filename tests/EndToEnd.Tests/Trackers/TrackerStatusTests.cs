using System.Text.Json;
using EndToEnd.Tests.Programs;

namespace EndToEnd.Tests.Trackers;

/// <summary>What a person sees of the trackers while one is dead.</summary>
public sealed class TrackerStatusTests
{
    [Fact]
    public async Task A_dead_tracker_is_told_with_its_last_answer_its_error_and_its_next_attempt()
    {
        using var folder = new TempFolder();
        await using var first = await MortalTracker.StartAsync();
        await using var second = await MortalTracker.StartAsync();
        SmallFilm.Make(folder["chunks"], 2);
        await using var agent = await Agent.PublishAsync(
            folder["state"], folder["chunks"], "--name", "film", "--swarm", "one", "--out", folder["film.xml"],
            "--tracker", $"{first.Url}@1", "--tracker", $"{second.Url}@2", "--PeerAgent:Tracker:Retries=1",
            "--PeerAgent:Tracker:StatReportInterval=00:00:00.5", "--PeerAgent:Tracker:FailbackInterval=00:00:30");
        await Eventually.HoldsAsync(() => File.Exists(folder["film.xml"]), "the swarm is joined");
        Assert.Equal(["Connected", "Idle"], await StatesAsync(agent));

        await first.KillAsync();
        await Eventually.HoldsAsync(
            async () => (await StatesAsync(agent)).SequenceEqual(["Failed", "Connected"]), "the second tracker is used");

        var trackers = (await agent.GetJsonAsync("/streams/one")).GetProperty("trackers");
        Tells(trackers[0], first.Url, 1, hasFailed: true);
        Tells(trackers[1], second.Url, 2, hasFailed: false);
        var listed = JsonDocument.Parse(await StatusAsync(agent, "--json")).RootElement.GetProperty("streams")[0].GetProperty("trackers");
        Tells(listed[0], first.Url, 1, hasFailed: true);
        var text = await StatusAsync(agent);
        Assert.Matches(
            $@"tracker {first.Url} tier 1: Failed, answered \d+ s ago, next attempt in \d+ s, last error: it does not accept connections\n", text);
        Assert.Matches($@"tracker {second.Url} tier 2: Connected, answered \d+ s ago\n", text);
    }

    private static async Task<string[]> StatesAsync(Agent agent) =>
        [.. (await agent.GetJsonAsync("/streams/one")).GetProperty("trackers").EnumerateArray().Select(t => t.GetProperty("state").GetString()!)];

    private static async Task<string> StatusAsync(Agent agent, params string[] options)
    {
        await using var status = Program.PeerAgent(["status", "--url", agent.Proxy.ToString(), .. options]);
        Assert.True(await status.ExitAsync() == 0, status.Errors);
        return status.Output;
    }

    private static void Tells(JsonElement tracker, Uri url, int tier, bool hasFailed)
    {
        Assert.Equal(url.ToString(), tracker.GetProperty("url").GetString());
        Assert.Equal(tier, tracker.GetProperty("tier").GetInt32());
        Assert.True(tracker.TryGetProperty("lastAnswer", out _));
        Assert.Equal(hasFailed, tracker.TryGetProperty("nextAttempt", out _));
        Assert.Equal(hasFailed, tracker.TryGetProperty("lastError", out var error));
        Assert.Equal(hasFailed ? "it does not accept connections" : null, hasFailed ? error.GetString() : null);
    }
}
