using Microsoft.Extensions.Options;
using PeerAgent.Identity;
using PeerAgent.Media.Store;
using PeerAgent.Proxy;
using PeerAgent.Settings;
using PeerAgent.Streams;
using PeerAgent.Swarm.Http;
using PeerAgent.Swarm.Transfer;
using PeerAgent.Swarm.Upload;
using PeerAgent.Tracker.Trackers;

namespace PeerAgent.Hosting;

/// <summary>The agent's settings: every section, the class it is bound to, and the check that nothing else stands there.</summary>
internal static class AgentSettings
{
    private const string Root = "PeerAgent";

    private static readonly Dictionary<string, Type> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Proxy"] = typeof(ProxyOptions),
        ["Peer"] = typeof(PeerOptions),
        ["Identity"] = typeof(IdentityOptions),
        ["Store"] = typeof(StoreOptions),
        ["Tracker"] = typeof(TrackerOptions),
        ["Players"] = typeof(PlayersOptions),
        ["Streams"] = typeof(StreamsOptions),
        ["Upload"] = typeof(UploadOptions),
        ["Fetch"] = typeof(FetchOptions),
        ["Playback"] = typeof(PlaybackOptions),
        ["Origin"] = typeof(OriginOptions),
    };

    /// <summary>Binds the sections of this program; its rooms bind their own. A wrong value stops the start.</summary>
    /// <exception cref="SettingsException">A key is unknown.</exception>
    internal static void Add(IServiceCollection services, IConfiguration configuration)
    {
        SettingsCheck.ThrowOnUnknown(configuration, Root, Sections);
        Bind<ProxyOptions, ProxyOptionsValidator>(services, ProxyOptions.Section);
        Bind<IdentityOptions, IdentityOptionsValidator>(services, IdentityOptions.Section);
        Bind<PlayersOptions, PlayersOptionsValidator>(services, PlayersOptions.Section);
        Bind<StreamsOptions, StreamsOptionsValidator>(services, StreamsOptions.Section);
    }

    private static void Bind<TOptions, TValidator>(IServiceCollection services, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.AddOptionsWithValidateOnStart<TOptions>()
            .BindConfiguration(section, binder => binder.ErrorOnUnknownConfiguration = true);
        services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
    }
}
