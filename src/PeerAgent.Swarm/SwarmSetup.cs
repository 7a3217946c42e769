using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PeerAgent.Media.Store;
using PeerAgent.Swarm.Http;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Swarms;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;
using PeerAgent.Swarm.Upload;

namespace PeerAgent.Swarm;

/// <summary>Puts the project together.</summary>
public static class SwarmSetup
{
    /// <summary>
    /// Adds <see cref="SwarmDirectory"/>, what <see cref="PeerEndpoint"/> needs, and the options of both. The host registers its
    /// <see cref="LocalPeer"/>; <see cref="TimeProvider"/> and <see cref="Random"/> are taken from it if it has them.
    /// </summary>
    public static IServiceCollection AddPeerAgentSwarm(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        AddSettings<FetchOptions, FetchOptionsValidator>(services, FetchOptions.Section);
        AddSettings<PlaybackOptions, PlaybackOptionsValidator>(services, PlaybackOptions.Section);
        AddSettings<PeerOptions, PeerOptionsValidator>(services, PeerOptions.Section);
        AddSettings<UploadOptions, UploadOptionsValidator>(services, UploadOptions.Section);
        AddSettings<OriginOptions, OriginOptionsValidator>(services, OriginOptions.Section);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => new Random());
        services.TryAddSingleton<Clock>();
        services.TryAddSingleton<Dice>();
        services.TryAddSingleton<SwarmMetrics>();
        services.TryAddSingleton<PeerHttp>();
        services.TryAddSingleton<OriginRate>();
        services.TryAddSingleton<OriginClient>();
        services.TryAddSingleton<IPeerTransport, HttpPeerTransport>();
        services.TryAddSingleton(p => new FetchGate(p.GetRequiredService<FetchOptions>().MaxParallelFetches));
        services.TryAddSingleton(NewParts);
        services.TryAddSingleton(p => new SwarmDirectory(p.GetRequiredService<SwarmParts>(), p.GetRequiredService<OriginClient>()));
        services.TryAddSingleton<PeerAccess>();
        services.TryAddSingleton<PeerRefusal>();
        services.TryAddSingleton<PeerRequestHandler>();
        AddUpload(services);
        return services;
    }

    private static void AddUpload(IServiceCollection services)
    {
        services.TryAddSingleton<UploadSettings>();
        services.TryAddSingleton<OwnPlayers>();
        services.TryAddSingleton<UploadMeter>();
        services.TryAddSingleton<UploadMetrics>();
        services.TryAddSingleton<UploadBudget>();
        services.TryAddSingleton<UploadSlots>();
        services.TryAddSingleton<UploadRate>();
        services.TryAddSingleton<ChunkUpload>();
        services.TryAddSingleton<ChunkDoor>();
        services.TryAddSingleton<ChokeBoard>();
        services.AddHostedService<ChokeRounds>();
        services.TryAddSingleton(p => new UploadWatch(
            p.GetRequiredService<UploadBudget>(),
            p.GetRequiredService<UploadSlots>(),
            p.GetRequiredService<UploadMeter>(),
            p.GetRequiredService<OwnPlayers>(),
            p.GetRequiredService<ChokeBoard>()));
    }

    private static SwarmParts NewParts(IServiceProvider provider) => new()
    {
        Self = provider.GetRequiredService<LocalPeer>(),
        Transport = provider.GetRequiredService<IPeerTransport>(),
        Options = provider.GetRequiredService<FetchOptions>(),
        Playback = provider.GetRequiredService<PlaybackOptions>(),
        MaxChunkBytes = provider.GetRequiredService<IOptions<StoreOptions>>().Value.LargestChunk,
        Clock = provider.GetRequiredService<Clock>(),
        Dice = provider.GetRequiredService<Dice>(),
        Gate = provider.GetRequiredService<FetchGate>(),
        MaySend = provider.GetRequiredService<UploadSettings>().MaySend,
        Metrics = provider.GetRequiredService<SwarmMetrics>(),
        Logger = provider.GetRequiredService<ILogger<SwarmDirectory>>(),
    };

    /// <summary>Binds and checks options, and lets classes take their value.</summary>
    private static void AddSettings<TOptions, TValidator>(IServiceCollection services, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, TValidator>());
        services.AddOptionsWithValidateOnStart<TOptions>().BindConfiguration(section, o => o.ErrorOnUnknownConfiguration = true);
        services.TryAddSingleton(p => p.GetRequiredService<IOptions<TOptions>>().Value);
    }
}
