using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PeerAgent.Tracker.Client;
using PeerAgent.Tracker.Sessions;
using PeerAgent.Tracker.Trackers;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.Sessions;

/// <summary>The tracker side as a host puts it together, on a clock that the test moves, and some trackers.</summary>
internal sealed class Rig : IAsyncDisposable
{
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly List<FakeTracker> _trackers = [];
    private readonly Traffic _traffic = new();
    private readonly ServiceProvider _services;

    public Rig(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"PeerAgent:Tracker:{s.Key}", (string?)s.Value)))
            .Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(new Random(7));
        services.AddSingleton(new SessionIdentity(Me, Credentials, () => Addresses));
        services.AddLogging(l => l.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        services.AddPeerAgentTracker();
        services.AddHttpClient(TrackerClient.HttpClientName).AddHttpMessageHandler(() => new TrafficHandler(_traffic));
        _services = services.BuildServiceProvider();
        Sessions = _services.GetRequiredService<TrackerSessions>();
    }

    public static PeerId Me { get; } = Peer("me");

    public static Credentials Credentials { get; } = new(User("somebody-special"), "token-very-secret");

    /// <summary>What must never be logged.</summary>
    public static IReadOnlyList<string> Secrets { get; } = [Credentials.AuthToken!, Credentials.UserId!.Value.Value];

    public static IReadOnlyList<PeerAddress> Addresses { get; } = [new(IPAddress.Parse("192.0.2.7"), 7681)];

    public ManualTime Time { get; } = new();

    public CapturedLog Log { get; } = new();

    public TrackerSessions Sessions { get; }

    /// <summary>How many attempts are under way.</summary>
    public int UnderWay => _traffic.UnderWay.Count();

    public IServiceProvider Services => _services;

    public static SwarmId Swarm(string text) => SwarmId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    public static PeerId Peer(string text) => PeerId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    public static PeerInfo Info(string peer) => new()
    {
        PeerId = Peer(peer), PeerType = PeerInfo.Seed, Addresses = [new(IPAddress.Parse("192.0.2.1"), 7681)],
    };

    public async Task<FakeTracker> StartTrackerAsync()
    {
        var tracker = await FakeTracker.StartAsync();
        _trackers.Add(tracker);
        return tracker;
    }

    public SwarmMembership Join(FakeMember member, params FakeTracker[] tiers) =>
        Sessions.Join([.. tiers.Select((t, i) => new TrackerEndpoint(t.Url, i + 1))], member);

    /// <summary>Joins at well-behaved trackers and waits until nothing is left to do.</summary>
    public async Task<SwarmMembership> JoinAndRestAsync(FakeMember member, params FakeTracker[] tiers)
    {
        var membership = Join(member, tiers);
        await RestAsync();
        Assert.True(membership.FirstAttempt.IsCompleted);
        return membership;
    }

    /// <summary>Waits until no message is under way and the sessions only wait for time to pass.</summary>
    public Task RestAsync() => Eventually.HoldsAsync(() => Sessions.IsAtRest, "the sessions come to rest");

    /// <summary>Lets time pass while nothing is under way; what falls due is done afterwards.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        await RestAsync();
        Time.Advance(time);
        await RestAsync();
    }

    /// <summary>Lets time pass in small steps, but not while a request is under way that a tracker means to answer.</summary>
    public Task PassUntilAsync(Func<bool> condition, string what) => Eventually.HoldsAsync(
        async () =>
        {
            if (!condition() && await IsQuietAsync())
            {
                Time.Advance(Step);
            }

            return condition();
        },
        what);

    /// <summary>True when nothing is under way, also after everybody else has had a turn.</summary>
    private async Task<bool> IsQuietAsync()
    {
        for (var turn = 0; turn < 5; turn++)
        {
            await Task.Run(static () => { });
            if (!_traffic.UnderWay.All(a => _trackers.Exists(t => t.Holds(a))) || ThreadPool.PendingWorkItemCount > 0)
            {
                return false;
            }
        }

        return true;
    }

    public async Task<T> PassUntilDoneAsync<T>(Task<T> task)
    {
        await PassUntilAsync(() => task.IsCompleted, "the task ends");
        return await task;
    }

    public async ValueTask DisposeAsync()
    {
        await Sessions.StopAsync(TimeSpan.FromSeconds(1), new CancellationToken(canceled: true));
        await Eventually.HoldsAsync(() => Time.PendingTimers == 0, "nobody waits any more");
        Assert.All(Secrets, s => Assert.DoesNotContain(Log.Lines, l => l.Contains(s, StringComparison.Ordinal)));
        await _services.DisposeAsync();
        foreach (var tracker in _trackers)
        {
            await tracker.DisposeAsync();
        }
    }

    private static UserId User(string text) => UserId.TryParse(text, out var id) ? id : throw new ArgumentException(text);
}

/// <summary>All that was logged, as text.</summary>
internal sealed class CapturedLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel} {eventId.Id} {formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
