using System.Net;
using PeerAgent.Swarm.Tests.Scene;
using PeerAgent.Swarm.Upload;

namespace PeerAgent.Swarm.Tests.Upload;

/// <summary>Who gets a slot, who waits, who is sent away, who loses it.</summary>
public sealed class UploadSlotTests
{
    [Fact]
    public async Task Who_comes_while_all_slots_are_taken_waits_a_moment_and_is_told_to_come_back()
    {
        var time = new ManualTime();
        await using var agent = await StartAsync(time, slots: 1);
        using var taker = new Taker(agent.Url);
        using var first = await taker.AskAsync(0);

        var second = taker.AskAsync(1);
        await Eventually.HoldsAsync(() => agent.Use().WaitingRequests == 1, "one that waits");
        time.Advance(UploadSlots.LongestWait / 2);
        Assert.Equal(1, agent.Use().WaitingRequests);
        time.Advance(UploadSlots.LongestWait / 2);

        using var refused = await second;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("1", refused.Headers.RetryAfter!.ToString());
        Assert.Equal(0, agent.Use().WaitingRequests);
    }

    [Fact]
    public async Task A_slot_that_becomes_free_goes_to_one_who_waits()
    {
        await using var agent = await StartAsync(new ManualTime(), slots: 1);
        using var taker = new Taker(agent.Url);
        var first = await taker.AskAsync(0);
        var second = taker.AskAsync(1);
        await Eventually.HoldsAsync(() => agent.Use().WaitingRequests == 1, "one that waits");

        first.Dispose();

        using var served = await second;
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task More_slots_let_in_at_once_who_waits()
    {
        await using var agent = await StartAsync(new ManualTime(), slots: 1);
        using var taker = new Taker(agent.Url);
        using var first = await taker.AskAsync(0);
        var second = taker.AskAsync(1);
        await Eventually.HoldsAsync(() => agent.Use().WaitingRequests == 1, "one that waits");

        agent.Change(limits => limits with { Slots = 2 });

        using var served = await second;
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task A_peer_with_many_requests_pushes_nobody_out_of_the_line()
    {
        await using var agent = await StartAsync(new ManualTime(), slots: 1);
        using var greedy = new Taker(agent.Url, "127.0.0.2");
        using var modest = new Taker(agent.Url, "127.0.0.3");
        var first = await greedy.AskAsync(0);
        var waiting = Enumerable.Range(1, 4).Select(i => greedy.AskAsync(i)).ToList();
        await Eventually.HoldsAsync(() => agent.Use().WaitingRequests == 4, "four that wait");
        using var oneTooMany = await greedy.AskAsync(5);
        var other = modest.AskAsync(6);
        await Eventually.HoldsAsync(() => agent.Use().WaitingRequests == 5, "the other one in the line");

        first.Dispose();
        await Eventually.HoldsAsync(() => waiting.Any(w => w.IsCompleted), "the next one");
        (await waiting.Single(w => w.IsCompleted)).Dispose();
        using var served = await other;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, oneTooMany.StatusCode);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal(3, agent.Use().WaitingRequests);
    }

    [Fact]
    public async Task While_others_ask_too_a_host_has_at_most_half_of_the_slots()
    {
        await using var agent = await StartAsync(new ManualTime(), slots: 4);
        using var greedy = new Taker(agent.Url, "127.0.0.2");
        using var modest = new Taker(agent.Url, "127.0.0.3");
        using var early = await modest.AskAsync(0);

        var asked = Enumerable.Range(1, 3).Select(i => greedy.AskAsync(i, $"name-{i}")).ToList();
        await Eventually.HoldsAsync(() => agent.Use() is { ActiveUploads: 3, WaitingRequests: 1 }, "two slots for the greedy one");
        using var late = await modest.AskAsync(4);

        Assert.Equal(HttpStatusCode.OK, late.StatusCode);
        Assert.Equal(2, asked.Count(a => a.IsCompleted));
    }

    [Fact]
    public async Task What_has_time_leaves_half_of_the_slots_to_what_is_due()
    {
        await using var agent = await StartAsync(new ManualTime(), slots: 4);
        using var taker = new Taker(agent.Url);
        var patient = Enumerable.Range(0, 3).Select(i => taker.AskAsync(i, $"name-{i}", "u=6")).ToList();
        await Eventually.HoldsAsync(() => agent.Use() is { ActiveUploads: 2, WaitingRequests: 1 }, "two slots for what has time");

        using var hurried = await taker.AskAsync(3, "other", "u=1");
        using var usual = await taker.AskAsync(4, "old");

        Assert.Equal(HttpStatusCode.OK, hurried.StatusCode);
        Assert.Equal(HttpStatusCode.OK, usual.StatusCode);
        Assert.Equal(1, agent.Use().WaitingRequests);
    }

    [Fact]
    public async Task A_slot_that_becomes_free_goes_to_what_is_due_first()
    {
        await using var agent = await StartAsync(new ManualTime(), slots: 1);
        using var taker = new Taker(agent.Url);
        var first = await taker.AskAsync(0);
        var patient = taker.AskAsync(1, "patient", "u=3");
        await Eventually.HoldsAsync(() => agent.Use().WaitingRequests == 1, "one that waits");
        var hurried = taker.AskAsync(2, "hurried", "u=0");
        await Eventually.HoldsAsync(() => agent.Use().WaitingRequests == 2, "two that wait");

        first.Dispose();

        using var served = await hurried;
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.False(patient.IsCompleted);
    }

    [Fact]
    public async Task While_a_player_of_ours_is_dry_peers_get_half_of_the_slots()
    {
        await using var agent = await StartAsync(new ManualTime(), slots: 2);
        using var taker = new Taker(agent.Url);
        Task<HttpResponseMessage> second;
        using (agent.Players().Waiting(TimeSpan.Zero))
        {
            using var first = await taker.AskAsync(0);
            second = taker.AskAsync(1);
            await Eventually.HoldsAsync(() => agent.Use().WaitingRequests == 1, "one that waits");
            Assert.Equal(1, agent.Use().SlotsNow);
            Assert.Equal(1, agent.Use().PlayersWaiting);
        }

        using var served = await second;
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal(2, agent.Use().SlotsNow);
    }

    [Theory]
    [InlineData(20_000)]
    [InlineData(100_000_000)]
    public async Task A_peer_that_does_not_read_loses_its_slot(int memory)
    {
        var time = new ManualTime();
        var content = Content.Make(count: 1, size: 24_000_000);
        await using var agent = await Agent.StartAsync(
            content, time: time, settings: ["Upload:Slots=1", $"Store:MemoryBytes={memory}"]);
        await agent.HoldAsync(content);
        using var taker = new Taker(agent.Url);
        using var stuck = await taker.AskAsync(0);
        await agent.RestsAsync();
        Assert.Equal(1, agent.Use().ActiveUploads);

        time.Advance(TakingPace.Longest - TimeSpan.FromSeconds(1));
        Assert.Equal(1, agent.Use().ActiveUploads);
        time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.HoldsAsync(() => agent.Use().ActiveUploads == 0, "a free slot");
        await Assert.ThrowsAnyAsync<Exception>(() => stuck.Content.CopyToAsync(Stream.Null));
    }

    [Fact]
    public async Task A_peer_whom_we_hold_back_ourselves_is_not_slow()
    {
        var time = new ManualTime();
        var content = Content.Make(count: 1, size: 40_000);
        await using var agent = await Agent.StartAsync(content, time: time, settings: ["Upload:MaxBytesPerSecond=1024"]);
        await agent.HoldAsync(content);
        using var taker = new Taker(agent.Url);
        var take = taker.TakeAsync(0);
        await Eventually.HoldsAsync(() => agent.Use().ActiveUploads == 1, "an upload");

        await agent.SendForAsync(time, TimeSpan.FromSeconds(30), 1024);
        agent.Change(limits => limits with { MaxBytesPerSecond = null });

        Assert.True(await take);
        Assert.Equal(40_000, taker.Bytes);
    }

    private static async Task<Agent> StartAsync(ManualTime time, int slots)
    {
        var content = Content.Make(size: 2_000_000);
        var agent = await Agent.StartAsync(
            content, time: time, settings: [$"Upload:Slots={slots}", "Upload:MaxBytesPerSecond=1024"]);
        await agent.HoldAsync(content);
        return agent;
    }
}
