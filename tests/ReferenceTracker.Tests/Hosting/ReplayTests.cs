using Ppsp.Protocol.Messages;

namespace ReferenceTracker.Tests.Hosting;

/// <summary>Retried requests: decision 18.</summary>
public sealed class ReplayTests
{
    [Fact]
    public async Task A_retried_join_is_answered_again_and_does_not_undo_a_leave()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("b", "s");
        await tracker.CodeAsync(tracker.Connect("a", "10.0.0.1:1"));
        var join = tracker.Join("a", "s");
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(join));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Leave("a", "s")));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(join));
        Assert.Empty(await tracker.ListAsync(tracker.FindPeer("b", "s")));
    }

    [Fact]
    public async Task A_retried_leave_is_answered_OK_though_nothing_is_left()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        var leave = tracker.Leave("a", "s");
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(leave));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(leave));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.Leave("a", "s")));
    }

    [Fact]
    public async Task A_disconnect_that_comes_again_does_not_end_the_next_registration()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("b", "s");
        await tracker.EnterAsync("a", "s");
        var disconnect = tracker.Disconnect("a");
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(disconnect));
        await tracker.EnterAsync("a", "s");
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(disconnect));
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindPeer("b", "s")));
    }

    [Fact]
    public async Task A_retried_disconnect_is_answered_OK_for_two_minutes()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        var disconnect = tracker.Disconnect("a");
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(disconnect));
        tracker.Time.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(disconnect));
        Assert.Equal(ResponseCode.MessageForbidden, await tracker.CodeAsync(tracker.Disconnect("a")));
        tracker.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(ResponseCode.MessageForbidden, await tracker.CodeAsync(disconnect));
    }

    [Fact]
    public async Task A_connect_after_a_disconnect_is_always_processed()
    {
        await using var tracker = await RunningTracker.StartAsync();
        var connect = tracker.Connect("a", "10.0.0.1:1");
        await tracker.CodeAsync(connect);
        await tracker.CodeAsync(tracker.Disconnect("a"));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(connect));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.KeepAlive("a")));
    }

    [Fact]
    public async Task A_retried_report_does_not_bring_back_what_a_later_one_replaced()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        await tracker.EnterAsync("b", "s");
        var first = tracker.Report("a", Holdings.In("s", Holdings.Level("11")));
        await tracker.CodeAsync(first);
        await tracker.CodeAsync(tracker.Report("a", Holdings.In("s", Holdings.Level("01"))));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(first));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.FindChunk("b", "s", 0)));
    }

    [Fact]
    public async Task Only_the_last_two_requests_are_remembered_and_only_for_two_minutes()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("b", "s");
        await tracker.CodeAsync(tracker.Connect("a", "10.0.0.1:1"));
        var join = tracker.Join("a", "s");
        await tracker.CodeAsync(join);
        await tracker.CodeAsync(tracker.Leave("a", "s"));
        await tracker.CodeAsync(tracker.Report("a"));
        await tracker.CodeAsync(join);
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindPeer("b", "s")));

        await tracker.CodeAsync(tracker.Leave("a", "s"));
        tracker.Time.Advance(TimeSpan.FromSeconds(61));
        await tracker.CodeAsync(tracker.KeepAlive("a"));
        await tracker.CodeAsync(tracker.KeepAlive("b"));
        tracker.Time.Advance(TimeSpan.FromSeconds(61));
        await tracker.CodeAsync(join);
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindPeer("b", "s")));
    }

    [Fact]
    public async Task A_refusal_is_never_replayed()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        var leave = tracker.Leave("a", "other");
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(leave));
        await tracker.CodeAsync(tracker.Join("a", "other"));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(leave));
    }

    [Fact]
    public async Task A_retried_request_refreshes_the_timer()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.CodeAsync(tracker.Connect("a", "10.0.0.1:1"));
        var join = tracker.Join("a", "s");
        await tracker.CodeAsync(join);
        tracker.Time.Advance(TimeSpan.FromSeconds(89));
        await tracker.CodeAsync(join);
        tracker.Time.Advance(TimeSpan.FromSeconds(89));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.KeepAlive("a")));
    }

    [Fact]
    public async Task The_same_transaction_with_another_body_is_another_request()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("b", "two");
        await tracker.CodeAsync(tracker.Connect("a", "10.0.0.1:1"));
        var join = tracker.Join("a", "one");
        await tracker.CodeAsync(join);
        await tracker.CodeAsync(join with { SwarmId = RunningTracker.Swarm("two") });
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindPeer("b", "two")));
    }
}
