using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PeerAgent.Tracker.Sessions;
using PeerAgent.Tracker.Trackers;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.Sessions;

/// <summary>The whole of it as a host uses it, nothing replaced.</summary>
public class SystemClockTests
{
    [Fact]
    public async Task A_session_lives_on_the_system_clock_and_ends_although_its_tracker_is_silent()
    {
        await using var tracker = await FakeTracker.StartAsync();
        await using var services = Services(("StatReportInterval", "00:00:00.100"), ("RequestTimeout", "00:00:05"));
        var sessions = services.GetRequiredService<TrackerSessions>();
        var membership = sessions.Join([new TrackerEndpoint(tracker.Url, 1)], new FakeMember("a"));

        Assert.True((await membership.FirstAttempt).IsJoined);
        await Eventually.HoldsAsync(() => tracker.Messages<ReportRequest>().Count >= 5, "reports go out");
        tracker.Always(FakeStep.Silence);
        var start = TimeProvider.System.GetTimestamp();
        await sessions.StopAsync(TimeSpan.FromSeconds(1), CancellationToken.None);

        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(5));
        Assert.Equal("DISCONNECT", tracker.Verbs[^1]);
    }

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"PeerAgent:Tracker:{s.Key}", (string?)s.Value)))
            .Build());
        services.AddLogging();
        services.AddSingleton(new SessionIdentity(Rig.Me, Credentials.None, () => [new PeerAddress(IPAddress.Loopback, 7681)]));
        services.AddPeerAgentTracker();
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
    }
}
