using EndToEnd.Tests.Programs;

namespace EndToEnd.Tests.Stopping;

public sealed class GoodbyeTests
{
    [Fact]
    public async Task On_SIGTERM_the_agent_says_LEAVE_and_DISCONNECT_and_ends_with_0()
    {
        using var folder = new TempFolder();
        await using var tracker = await Tracker.StartAsync();
        await using var agent = await SeedAsync(folder, tracker);

        agent.Program.Terminate();

        Assert.Equal(0, await agent.Program.ExitAsync());
        await tracker.Program.SaysAsync("LEAVE");
        await tracker.Program.SaysAsync("DISCONNECT");
    }

    [Fact]
    public async Task On_SIGTERM_the_agent_ends_with_0_within_5_seconds_although_the_tracker_is_dead()
    {
        using var folder = new TempFolder();
        await using var tracker = await Tracker.StartAsync();
        await using var agent = await SeedAsync(folder, tracker);
        await tracker.Program.KillAsync();

        var started = TimeProvider.System.GetTimestamp();
        agent.Program.Terminate();

        Assert.Equal(0, await agent.Program.ExitAsync());
        // A promise to users, not a measure of speed.
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
    }

    private static async Task<Agent> SeedAsync(TempFolder folder, Tracker tracker)
    {
        Directory.CreateDirectory(folder["chunks"]);
        await File.WriteAllBytesAsync(Path.Combine(folder["chunks"], "film-00000.ts"), new byte[1000]);
        var agent = await Agent.PublishAsync(
            folder["state"], folder["chunks"], "--name", "film", "--tracker", tracker.Url.ToString(), "--out", folder["film.xml"]);
        await Eventually.HoldsAsync(() => File.Exists(folder["film.xml"]), "the swarm is joined");
        return agent;
    }
}
