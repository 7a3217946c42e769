using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PeerAgent.Tracker;
using PeerAgent.Tracker.Sessions;
using PeerAgent.Tracker.Trackers;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;
using WireMock.Tests.Server;

namespace WireMock.Tests.Agents;

/// <summary>
/// The tracker side of the agent as a host puts it together, by its public face, with a PeerID of its own and a clock that
/// the test moves, before the faked trackers.
/// </summary>
internal sealed class AgentRig : IAsyncDisposable
{
    private const int CalmLooks = 4;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    /// <summary>Longer than the agent's own, so that a busy machine does not look like a silent tracker.</summary>
    private static readonly (string, string) Patient = ("RequestTimeout", "00:01:00");

    private readonly FakedTrackers _trackers;
    private readonly Traffic _traffic = new();
    private readonly ServiceProvider _services;

    public AgentRig(FakedTrackers trackers, params (string Key, string Value)[] settings)
    {
        _trackers = trackers;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([Setting(Patient)])
            .AddInMemoryCollection(settings.Select(Setting))
            .Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(new Random(7));
        services.AddSingleton(new SessionIdentity(Me, Credentials, () => Addresses));
        services.AddLogging();
        services.AddPeerAgentTracker();
        services.AddHttpClient("PeerAgent.Tracker").AddHttpMessageHandler(_traffic.CreateHandler);
        _services = services.BuildServiceProvider();
        Sessions = _services.GetRequiredService<TrackerSessions>();
    }

    public static Credentials Credentials { get; } =
        new(UserId.TryParse("somebody", out var user) ? user : default, "token-1");

    public static IReadOnlyList<PeerAddress> Addresses { get; } =
        [new(IPAddress.Parse("192.0.2.7"), 7681), new(IPAddress.Parse("2001:db8::7"), 7681)];

    public PeerId Me { get; } = PeerId.TryParse($"peer-{Guid.NewGuid():N}", out var id) ? id : default;

    public ManualTime Time { get; } = new();

    public TrackerSessions Sessions { get; }

    /// <summary>Enters a swarm at the trackers of these cases, one a tier.</summary>
    public SwarmMembership Join(ISwarmMember member, params string[] cases) =>
        Sessions.Join([.. cases.Select((c, i) => new TrackerEndpoint(_trackers.Url(c), i + 1))], member);

    /// <summary>What this peer sent to the tracker of a case, in order, once WireMock has all of it.</summary>
    public async Task<IReadOnlyList<FakeTrackerRequest>> SentToAsync(string path)
    {
        IReadOnlyList<FakeTrackerRequest> sent = [];
        await Eventually.HoldsAsync(
            async () => (sent = await _trackers.SentByAsync(Me)).Count >= _traffic.Begun.Count, "every request has arrived");
        return [.. sent.Where(r => r.Path == path)];
    }

    /// <summary>The same as words, for example <c>JOIN a</c>.</summary>
    public async Task<IReadOnlyList<string>> VerbsAsync(string path) => [.. (await SentToAsync(path)).Select(r => r.Verb)];

    /// <summary>How many requests this peer has begun to send to the tracker of a case.</summary>
    public int CountTo(string path) => _traffic.Begun.Count(p => p == path);

    /// <summary>Lets time pass in small steps until the condition holds, but not while an answer is under way.</summary>
    public Task PassUntilAsync(Func<bool> condition, string what) =>
        PassUntilAsync(condition, () => Task.FromResult(_traffic.UnderWay == 0), what);

    /// <summary>Lets time pass in small steps until the task is done, but not while an answer is under way.</summary>
    public async Task<T> PassUntilDoneAsync<T>(Task<T> task)
    {
        await PassUntilAsync(() => task.IsCompleted, "the task ends");
        return await task;
    }

    /// <summary>The same where trackers never answer: time passes once they have written every request down.</summary>
    public async Task<T> PassWhileHeldUntilDoneAsync<T>(Task<T> task)
    {
        var written = 0;
        await PassUntilAsync(() => task.IsCompleted, IsWrittenAsync, "the task ends");
        return await task;

        async Task<bool> IsWrittenAsync()
        {
            var begun = _traffic.Begun.Count;
            written = written == begun ? written : (await _trackers.SentByAsync(Me)).Count;
            return written == begun;
        }
    }

    /// <summary>Lets time pass in small steps, but not while an answer is under way.</summary>
    public Task PassAsync(TimeSpan time)
    {
        var end = Time.GetUtcNow() + time;
        return PassUntilAsync(() => Time.GetUtcNow() >= end && _traffic.UnderWay == 0, "time passes");
    }

    public async ValueTask DisposeAsync()
    {
        await Sessions.StopAsync(TimeSpan.FromSeconds(1), new CancellationToken(canceled: true));
        Assert.Equal(0, Time.PendingTimers);
        await _services.DisposeAsync();
    }

    private static KeyValuePair<string, string?> Setting((string Key, string Value) setting) =>
        new($"{TrackerOptions.Section}:{setting.Key}", setting.Value);

    private Task PassUntilAsync(Func<bool> condition, Func<Task<bool>> mayPass, string what)
    {
        var calm = 0;
        return Eventually.HoldsAsync(
            async () =>
            {
                if (condition())
                {
                    return true;
                }

                // No other thread works: then only time can bring something about. Threads of other tests work, too, so after
                // a few looks it is enough that nothing waits to be done.
                calm = await mayPass() && ThreadPool.PendingWorkItemCount == 0 ? calm + 1 : 0;
                if (calm > CalmLooks || (calm > 0 && BusyThreads() <= 1))
                {
                    calm = 0;
                    Time.Advance(Step);
                }

                return condition();
            },
            what);
    }

    private static int BusyThreads()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var free, out _);
        return most - free;
    }
}
