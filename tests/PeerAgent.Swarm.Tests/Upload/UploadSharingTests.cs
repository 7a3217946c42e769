using System.Net;
using PeerAgent.Swarm.Tests.Scene;
using PeerAgent.Swarm.Upload;

namespace PeerAgent.Swarm.Tests.Upload;

/// <summary>How the rate is kept and shared out.</summary>
public sealed class UploadSharingTests
{
    private const int Rate = 160_000;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Uploads_keep_to_the_rate()
    {
        var time = new ManualTime();
        await using var agent = await StartAsync(time, $"Upload:MaxBytesPerSecond={Rate}");
        using var taker = new Taker(agent.Url);
        var takes = new[] { taker.TakeAsync(0), taker.TakeAsync(1), taker.TakeAsync(2) };
        await IsSendingAsync(agent, 3);

        var sent = await agent.SendForAsync(time, Span, Rate);

        Assert.InRange(sent, 0.9 * Rate * Span.TotalSeconds, 1.1 * Rate * Span.TotalSeconds);
        await EndAsync(taker, takes);
    }

    [Fact]
    public async Task A_host_with_many_requests_under_made_up_names_gets_no_more_than_one_with_one()
    {
        var time = new ManualTime();
        await using var agent = await StartAsync(time, $"Upload:MaxBytesPerSecond={Rate}");
        using var modest = new Taker(agent.Url, "127.0.0.2");
        using var greedy = new Taker(agent.Url, "127.0.0.3");
        Task<bool>[] takes = [modest.TakeAsync(0), .. Enumerable.Range(0, 4).Select(i => greedy.TakeAsync(1 + i, $"made-up-{i}"))];
        await IsSendingAsync(agent, 5);

        await agent.SendForAsync(time, Span, Rate);

        await AllCameAsync(agent, modest, greedy);
        Assert.InRange((double)greedy.Bytes / modest.Bytes, 0.7, 1.4);
        await EndAsync(modest, takes[..1]);
        await EndAsync(greedy, takes[1..]);
    }

    [Fact]
    public async Task Peers_behind_one_address_share_alike_however_many_requests_each_has()
    {
        var time = new ManualTime();
        await using var agent = await StartAsync(time, $"Upload:MaxBytesPerSecond={Rate}");
        using var modest = new Taker(agent.Url);
        using var greedy = new Taker(agent.Url);
        Task<bool>[] takes = [modest.TakeAsync(0, "modest"), .. Enumerable.Range(1, 5).Select(i => greedy.TakeAsync(i, "greedy"))];
        await IsSendingAsync(agent, 6);

        await agent.SendForAsync(time, Span, Rate);

        await AllCameAsync(agent, modest, greedy);
        Assert.InRange((double)greedy.Bytes / modest.Bytes, 0.7, 1.6);
        await EndAsync(modest, takes[..1]);
        await EndAsync(greedy, takes[1..]);
    }

    [Fact]
    public async Task The_rate_for_each_peer_holds_for_all_names_at_an_address_together()
    {
        var time = new ManualTime();
        await using var agent = await StartAsync(time, "Upload:MaxBytesPerSecondPerPeer=80000");
        using var one = new Taker(agent.Url, "127.0.0.2");
        using var many = new Taker(agent.Url, "127.0.0.3");
        Task<bool>[] takes = [one.TakeAsync(0), .. Enumerable.Range(1, 3).Select(i => many.TakeAsync(i, $"name-{i}"))];
        await IsSendingAsync(agent, 4);

        var sent = await agent.SendForAsync(time, Span, 2 * 80_000);

        await AllCameAsync(agent, one, many);
        Assert.InRange(sent, 0.9 * 2 * 80_000 * Span.TotalSeconds, 1.1 * 2 * 80_000 * Span.TotalSeconds);
        Assert.InRange((double)many.Bytes / one.Bytes, 0.85, 1.2);
        await EndAsync(one, takes[..1]);
        await EndAsync(many, takes[1..]);
    }

    [Fact]
    public async Task Another_rate_holds_at_once_for_uploads_under_way()
    {
        var time = new ManualTime();
        await using var agent = await StartAsync(time);
        agent.Change(limits => limits with { MaxBytesPerSecond = Rate });
        using var taker = new Taker(agent.Url);
        var take = taker.TakeAsync(0);
        await IsSendingAsync(agent, 1);
        var two = TimeSpan.FromSeconds(2);

        var before = await agent.SendForAsync(time, two, Rate);
        agent.Change(limits => limits with { MaxBytesPerSecond = Rate / 10 });
        var slow = await agent.SendForAsync(time, two, Rate / 10);
        agent.Change(limits => limits with { MaxBytesPerSecond = null });

        Assert.InRange(before, 1.8 * Rate, 2.2 * Rate);
        Assert.InRange(slow, 0.16 * Rate, 0.24 * Rate);
        Assert.True(await take);
    }

    [Fact]
    public async Task Switched_off_uploads_under_way_end()
    {
        var time = new ManualTime();
        await using var agent = await StartAsync(time, "Upload:MaxBytesPerSecond=1024");
        using var taker = new Taker(agent.Url);
        var take = taker.TakeAsync(0);
        await IsSendingAsync(agent, 1);

        agent.Change(limits => limits with { Enabled = false });

        Assert.False(await take);
        await Eventually.HoldsAsync(() => agent.Use().ActiveUploads == 0, "a free slot");
        Assert.Equal(HttpStatusCode.Forbidden, await taker.StatusAsync(0));
        agent.Change(limits => limits with { Enabled = true, MaxBytesPerSecond = null });
        Assert.True(await taker.TakeAsync(0));
    }

    [Fact]
    public async Task What_is_due_first_is_sent_first_and_what_has_time_shows_signs_of_life()
    {
        var time = new ManualTime();
        await using var agent = await StartAsync(time, $"Upload:MaxBytesPerSecond={Rate}");
        using var hurried = new Taker(agent.Url, "127.0.0.2");
        using var patient = new Taker(agent.Url, "127.0.0.3");
        Task<bool>[] takes = [hurried.TakeAsync(0, priority: "u=0"), patient.TakeAsync(1, priority: "u=7")];
        await IsSendingAsync(agent, 2);

        var sent = await agent.SendForAsync(time, Span, Rate);

        await AllCameAsync(agent, hurried, patient);
        Assert.InRange(patient.Bytes, 10 * 512, 0.15 * Rate * Span.TotalSeconds);
        Assert.InRange(sent, 0.9 * Rate * Span.TotalSeconds, 1.1 * Rate * Span.TotalSeconds);
        await EndAsync(hurried, takes[..1]);
        await EndAsync(patient, takes[1..]);
    }

    [Fact]
    public async Task A_player_with_enough_to_play_takes_nothing_from_peers_until_it_is_nearly_dry()
    {
        var time = new ManualTime();
        await using var agent = await StartAsync(time, $"Upload:MaxBytesPerSecond={Rate}");
        using var taker = new Taker(agent.Url);
        var takes = new[] { taker.TakeAsync(0), taker.TakeAsync(1) };
        await IsSendingAsync(agent, 2);
        var two = TimeSpan.FromSeconds(2);

        long full, dry;
        using (agent.Players().Waiting(two + OwnPlayers.NearlyDry))
        {
            full = await agent.SendForAsync(time, two, Rate);
            dry = await agent.SendForAsync(time, two, Rate / 4);
        }

        Assert.InRange((double)dry / full, 0.2, 0.35);
        await EndAsync(taker, takes);
    }

    [Fact]
    public async Task While_a_player_of_ours_is_dry_peers_get_a_quarter_of_the_rate()
    {
        var time = new ManualTime();
        await using var agent = await StartAsync(time, $"Upload:MaxBytesPerSecond={Rate}");
        using var taker = new Taker(agent.Url);
        var takes = new[] { taker.TakeAsync(0), taker.TakeAsync(1) };
        await IsSendingAsync(agent, 2);
        var two = TimeSpan.FromSeconds(2);

        long during;
        var before = await agent.SendForAsync(time, two, Rate);
        using (agent.Players().Waiting(TimeSpan.Zero))
        using (agent.Players().Waiting(TimeSpan.Zero))
        {
            during = await agent.SendForAsync(time, two, Rate / 4);
        }

        var after = await agent.SendForAsync(time, two, Rate);

        Assert.InRange((double)during / before, 0.2, 0.3);
        Assert.InRange((double)after / before, 0.85, 1.15);
        await EndAsync(taker, takes);
    }

    private static async Task<Agent> StartAsync(ManualTime time, params string[] settings)
    {
        var content = Content.Make(size: 2_000_000);
        var agent = await Agent.StartAsync(content, time: time, settings: settings);
        await agent.HoldAsync(content);
        return agent;
    }

    private static Task IsSendingAsync(Agent agent, int uploads) =>
        Eventually.HoldsAsync(() => agent.Use().ActiveUploads == uploads, $"{uploads} uploads under way");

    private static Task AllCameAsync(Agent agent, params Taker[] takers) =>
        Eventually.HoldsAsync(() => takers.Sum(t => t.Bytes) == agent.Use().TotalBytes, "all that was sent");

    private static async Task EndAsync(Taker taker, Task<bool>[] takes)
    {
        taker.Dispose();
        await Task.WhenAll(takes);
    }
}
