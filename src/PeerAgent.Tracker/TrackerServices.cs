using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PeerAgent.Tracker.Client;
using PeerAgent.Tracker.Sessions;
using PeerAgent.Tracker.Telemetry;
using PeerAgent.Tracker.Trackers;

namespace PeerAgent.Tracker;

/// <summary>Puts the tracker side of the agent into a container.</summary>
public static class TrackerServices
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Adds <see cref="TrackerSessions"/>, with its options from section <c>PeerAgent:Tracker</c>. The host adds a
    /// <see cref="SessionIdentity"/>; a <see cref="TimeProvider"/> and a <see cref="Random"/> are added where they are missing.
    /// </summary>
    public static IServiceCollection AddPeerAgentTracker(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<TrackerOptions>()
            .BindConfiguration(TrackerOptions.Section, o => o.ErrorOnUnknownConfiguration = true);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TrackerOptions>, TrackerOptionsValidator>());
        services.AddHttpClient(TrackerClient.HttpClientName, c => c.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.GZip,
                UseCookies = false,
                UseProxy = false,
                ActivityHeadersPropagator = null,
                PooledConnectionLifetime = ConnectionLifetime,
            })
            .RemoveAllLoggers();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Random>(static _ => new Random());
        services.AddMetrics();
        services.TryAddSingleton<TrackerMetrics>();
        services.TryAddSingleton(static s => new TrackerSessions(
            s.GetRequiredService<IHttpClientFactory>(),
            s.GetRequiredService<IOptions<TrackerOptions>>(),
            s.GetRequiredService<SessionIdentity>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<Random>(),
            new Instruments(s.GetRequiredService<ILogger<TrackerSessions>>(), s.GetRequiredService<TrackerMetrics>())));
        return services;
    }
}
