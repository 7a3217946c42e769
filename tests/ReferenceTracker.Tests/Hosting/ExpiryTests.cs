using Microsoft.Extensions.DependencyInjection;
using Ppsp.Protocol.Messages;
using ReferenceTracker.Registry;

namespace ReferenceTracker.Tests.Hosting;

/// <summary>Time: decisions 8, 17, 18 and 21.</summary>
public sealed class ExpiryTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task A_peer_silent_for_90_seconds_is_gone_and_not_a_moment_earlier()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        tracker.Time.Advance(Timeout - Moment);
        await tracker.EnterAsync("b", "s");
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindPeer("b", "s")));
        tracker.Time.Advance(Moment);
        Assert.Empty(await tracker.ListAsync(tracker.FindPeer("b", "s")));
        Assert.Equal(ResponseCode.MessageForbidden, await tracker.CodeAsync(tracker.KeepAlive("a")));
    }

    [Theory]
    [InlineData("KEEPALIVE")]
    [InlineData("STAT_REPORT")]
    [InlineData("FIND_PEER")]
    [InlineData("FIND_CHUNK of what nobody has")]
    [InlineData("LEAVE of a swarm not joined")]
    public async Task Any_valid_message_refreshes_the_timer(string kind)
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        tracker.Time.Advance(Timeout - Moment);
        await tracker.SendAsync(kind switch
        {
            "KEEPALIVE" => tracker.KeepAlive("a"),
            "STAT_REPORT" => tracker.Report("a"),
            "FIND_PEER" => tracker.FindPeer("a", "s"),
            "FIND_CHUNK of what nobody has" => tracker.FindChunk("a", "s", 0),
            _ => tracker.Leave("a", "nowhere"),
        });
        tracker.Time.Advance(Timeout - Moment);
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.KeepAlive("a")));
    }

    [Fact]
    public async Task A_membership_with_an_expire_time_ends_then_and_the_registration_stays()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("b", "s");
        await tracker.CodeAsync(tracker.Connect("a", "10.0.0.1:1"));
        await tracker.CodeAsync(tracker.Join("a", "s", expireSeconds: 30));
        tracker.Time.Advance(TimeSpan.FromSeconds(30) - Moment);
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindPeer("b", "s")));
        tracker.Time.Advance(Moment);
        Assert.Empty(await tracker.ListAsync(tracker.FindPeer("b", "s")));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.Leave("a", "s")));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.KeepAlive("a")));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(0)]
    public async Task Joining_twice_is_right_and_the_later_expire_time_counts(int second)
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("b", "s");
        await tracker.CodeAsync(tracker.Connect("a", "10.0.0.1:1"));
        await tracker.CodeAsync(tracker.Join("a", "s", expireSeconds: 30));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Join("a", "s", second)));
        tracker.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindPeer("b", "s")));
    }

    [Fact]
    public async Task A_membership_may_end_at_a_point_in_time()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("b", "s");
        await tracker.CodeAsync(tracker.Connect("a", "10.0.0.1:1"));
        var end = tracker.Time.GetUtcNow() + TimeSpan.FromSeconds(20);
        await tracker.CodeAsync(tracker.Join("a", "s") with { Expiry = new Expiry(null, end) });
        tracker.Time.Advance(TimeSpan.FromSeconds(19));
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindPeer("b", "s")));
        tracker.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await tracker.ListAsync(tracker.FindPeer("b", "s")));
    }

    [Fact]
    public async Task A_swarm_whose_last_peer_left_stays_known_for_ten_minutes()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        await tracker.CodeAsync(tracker.Leave("a", "s"));
        for (var i = 0; i < 10; i++)
        {
            Assert.Empty(await tracker.ListAsync(tracker.FindPeer("a", "s")));
            tracker.Time.Advance(TimeSpan.FromMinutes(1) - Moment);
        }

        tracker.Time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(ResponseCode.MessageForbidden, await tracker.CodeAsync(tracker.KeepAlive("unknown")));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.FindPeer("a", "s")));
    }

    [Fact]
    public async Task Silence_costs_no_memory_even_when_nobody_asks()
    {
        await using var tracker = await RunningTracker.StartAsync("Swarms:EmptyRetention=00:00:00");
        for (var i = 0; i < 200; i++)
        {
            await tracker.EnterAsync($"p{i}", $"s{i}");
        }

        tracker.Time.Advance(Timeout + TimeSpan.FromSeconds(2));
        var size = tracker.Services.GetRequiredService<SwarmRegistry>().Size();
        Assert.Equal((0, 0, 0, 0L, 200L), (size.Peers, size.Swarms, size.Memberships, size.MapBytes, size.ExpiredPeers));
    }

    [Fact]
    public async Task The_history_of_a_peer_is_written_when_it_leaves_disconnects_or_falls_silent()
    {
        await using var tracker = await RunningTracker.StartAsync();
        var registry = tracker.Services.GetRequiredService<SwarmRegistry>();
        var start = tracker.Time.GetUtcNow();
        await tracker.EnterAsync("a", "one");
        await tracker.CodeAsync(tracker.Join("a", "two"));
        await tracker.CodeAsync(tracker.Report("a") with
        {
            StreamStats = [new(RunningTracker.Swarm("one"), 10, 20, 0), new(RunningTracker.Swarm("two"), 1, 2, 0)],
        });
        tracker.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(registry.FindHistory(RunningTracker.Peer("a")));
        await tracker.CodeAsync(tracker.Leave("a", "one"));
        Assert.Equal(
            new HistoryRecord(RunningTracker.Peer("a"), start, start + TimeSpan.FromSeconds(5), 1, 10, 20),
            registry.FindHistory(RunningTracker.Peer("a")));
        tracker.Time.Advance(Timeout);
        Assert.Equal(
            new HistoryRecord(RunningTracker.Peer("a"), start, start + TimeSpan.FromSeconds(5), 2, 11, 22),
            registry.FindHistory(RunningTracker.Peer("a")));
    }
}
