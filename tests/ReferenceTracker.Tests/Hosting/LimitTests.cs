using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using ReferenceTracker.Hosting;
using ReferenceTracker.Registry;

namespace ReferenceTracker.Tests.Hosting;

/// <summary>Bounds, overload (decision 20) and what many do at once.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task Who_finds_no_place_or_waits_for_a_second_is_told_to_come_again()
    {
        using var held = new HeldObserver();
        await using var tracker = await RunningTracker.StartAsync(
            b => b.Services.AddSingleton<ITrackerConversationObserver>(held), "Limits:ConcurrentRequests=1", "Limits:QueuedRequests=1");
        var first = tracker.PostAsync(TrackerCodec.WriteRequest(tracker.Connect("slow", "10.0.0.1:1")));
        await Eventually.HoldsAsync(() => held.IsHolding, "the first request is in work");

        var timers = tracker.Time.PendingTimers;
        var waiting = tracker.PostAsync(TrackerCodec.WriteRequest(tracker.Connect("waits", "10.0.0.1:1")));
        await Eventually.HoldsAsync(() => tracker.Time.PendingTimers > timers, "the second request waits");
        await ExpectOverloadAsync(await tracker.PostAsync(TrackerCodec.WriteRequest(tracker.Connect("third", "10.0.0.1:1"))), "3");
        tracker.Time.Advance(TimeSpan.FromSeconds(1));
        await ExpectOverloadAsync(await waiting, "2");

        held.Release();
        Assert.Equal(ResponseCode.Ok, (await RunningTracker.ReadAsync(await first)).Code);
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Connect("later", "10.0.0.1:1")));
    }

    [Fact]
    public async Task A_full_tracker_takes_no_more_peers_until_one_leaves()
    {
        await using var tracker = await RunningTracker.StartAsync("Limits:Peers=2");
        await tracker.EnterAsync("a", "s");
        await tracker.EnterAsync("b", "s");
        using (var answer = await tracker.PostAsync(TrackerCodec.WriteRequest(tracker.Connect("c", "10.0.0.1:1"))))
        {
            Assert.Equal(503, (int)answer.StatusCode);
            Assert.Equal("1", answer.Headers.RetryAfter!.ToString());
        }

        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Connect("a", "10.0.0.1:1")));
        await tracker.CodeAsync(tracker.Disconnect("a"));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Connect("c", "10.0.0.1:1")));
    }

    [Fact]
    public async Task Swarms_are_bounded_and_the_one_empty_longest_makes_room()
    {
        await using var tracker = await RunningTracker.StartAsync("Limits:Swarms=2");
        await tracker.EnterAsync("a", "one");
        await tracker.CodeAsync(tracker.Join("a", "two"));
        Assert.Equal(ResponseCode.TemporarilyOverloaded, await tracker.CodeAsync(tracker.Join("a", "three")));
        await tracker.CodeAsync(tracker.Leave("a", "one"));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Join("a", "three")));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.FindPeer("a", "one")));
    }

    [Fact]
    public async Task A_peer_may_be_in_so_many_swarms()
    {
        await using var tracker = await RunningTracker.StartAsync("Limits:SwarmsPerPeer=1");
        await tracker.EnterAsync("a", "one");
        Assert.Equal(ResponseCode.MessageForbidden, await tracker.CodeAsync(tracker.Join("a", "two")));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Join("a", "one")));
    }

    [Fact]
    public async Task Without_auto_create_joining_an_unknown_swarm_finds_nothing()
    {
        await using var tracker = await RunningTracker.StartAsync("Swarms:AutoCreate=false");
        await tracker.CodeAsync(tracker.Connect("a", "10.0.0.1:1"));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.Join("a", "s")));
    }

    [Fact]
    public async Task Chunks_beyond_the_limit_of_a_member_are_passed_over()
    {
        await using var tracker = await RunningTracker.StartAsync("Limits:ChunksPerMember=4");
        await tracker.EnterAsync("a", "s");
        await tracker.EnterAsync("b", "s");
        await tracker.CodeAsync(tracker.Report("a", Holdings.In("s", Holdings.Level("1111"), Holdings.Level("1111", level: 1))));
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindChunk("b", "s", 0)));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.FindChunk("b", "s", 0, level: 1)));
        Assert.Equal(PeerInfo.Leech, Assert.Single((await tracker.SendAsync(tracker.FindPeer("b", "s"))).Peers!).PeerType);
    }

    [Fact]
    public async Task Memory_of_chunk_maps_is_bounded_and_a_report_beyond_changes_nothing()
    {
        await using var tracker = await RunningTracker.StartAsync("Limits:ChunkMapBytes=1048576");
        var full = new string('1', 1 << 20);
        for (var i = 0; i < 9; i++)
        {
            await tracker.EnterAsync($"p{i}", "s");
            var code = await tracker.CodeAsync(tracker.Report($"p{i}", Holdings.In("s", Holdings.Level(full))));
            Assert.Equal(i < 7 ? ResponseCode.Ok : ResponseCode.TemporarilyOverloaded, code);
        }

        await tracker.CodeAsync(tracker.Leave("p0", "s"));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Report("p8", Holdings.In("s", Holdings.Level(full)))));
    }

    [Fact]
    public async Task Many_at_once_leave_the_registry_whole()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async worker =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 60; i++)
            {
                var peer = $"w{worker}-{random.Next(12)}";
                var swarm = $"s{random.Next(2)}";
                TrackerRequest request = random.Next(8) switch
                {
                    0 or 1 => tracker.Connect(peer, $"10.0.0.{worker + 1}:{random.Next(2)}"),
                    2 or 3 => tracker.Join(peer, swarm),
                    4 => tracker.Leave(peer, swarm),
                    5 => tracker.Report(peer, Holdings.In(swarm, Holdings.Level(random.Next(2) == 0 ? "1101" : "0111"))),
                    6 => tracker.FindChunk(peer, swarm, random.Next(4)),
                    _ => random.Next(4) == 0 ? tracker.Disconnect(peer) : tracker.FindPeer(peer, swarm),
                };
                // Workers share the counter of transactions; the answer must still be the one to this request.
                var id = RunningTracker.Transaction($"{worker}x{i}");
                var response = await tracker.SendAsync(request with { TransactionId = id });
                Assert.NotEqual(ResponseCode.InternalError, response.Code);
                Assert.DoesNotContain(response.Peers ?? [], p => p.PeerId.Value == peer);
            }
        }));

        tracker.Time.Advance(TimeSpan.FromMinutes(30));
        var size = tracker.Services.GetRequiredService<SwarmRegistry>().Size();
        Assert.Equal((0, 0, 0, 0L), (size.Peers, size.Swarms, size.Memberships, size.MapBytes));
    }

    [Fact]
    public async Task Credentials_stand_in_no_log_and_in_no_answer()
    {
        var lines = new ConcurrentQueue<string>();
        await using (var tracker = await RunningTracker.StartAsync(b => b.Logging
            .AddFilter(nameof(ReferenceTracker), LogLevel.Trace)
            .AddFilter("Microsoft.AspNetCore", LogLevel.Trace)
            .AddProvider(new Capture(lines))))
        {
            Assert.True(UserId.TryParse("secret-user", out var user));
            var request = tracker.Connect("a", "10.0.0.1:1") with { Credentials = new Credentials(user, "secret-token") };
            using var answer = await tracker.PostAsync(TrackerCodec.WriteRequest(request));
            lines.Enqueue(await answer.Content.ReadAsStringAsync());
            using var broken = await tracker.PostAsync([.. TrackerCodec.WriteRequest(request)[..^40]]);
            lines.Enqueue(await broken.Content.ReadAsStringAsync());
        }

        Assert.Contains(lines, l => l.Contains("CONNECT a", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("Listening on http://127.0.0.1:", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.Contains("secret", StringComparison.Ordinal));
    }

    private static async Task ExpectOverloadAsync(HttpResponseMessage answer, string transaction)
    {
        using (answer)
        {
            Assert.Equal(503, (int)answer.StatusCode);
            Assert.Equal("1", answer.Headers.RetryAfter!.ToString());
            var response = await RunningTracker.ReadAsync(answer);
            Assert.Equal(ResponseCode.TemporarilyOverloaded, response.Code);
            Assert.Equal(transaction, response.TransactionId!.Value.Value);
        }
    }

    /// <summary>Keeps the first request in work until it is released.</summary>
    private sealed class HeldObserver : ITrackerConversationObserver, IDisposable
    {
        private readonly ManualResetEventSlim _released = new();
        private int _seen;

        public bool IsHolding => Volatile.Read(ref _seen) > 0;

        public void Release() => _released.Set();

        public void Answered(TrackerExchange exchange)
        {
            if (Interlocked.Increment(ref _seen) == 1)
            {
                _released.Wait(Eventually.Deadline);
            }
        }

        public void Dispose() => _released.Dispose();
    }

    private sealed class Capture(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
