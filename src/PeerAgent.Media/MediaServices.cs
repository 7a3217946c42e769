using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PeerAgent.Media.Store;

namespace PeerAgent.Media;

/// <summary>Puts what the agent knows of content into a container.</summary>
public static class MediaServices
{
    /// <summary>Adds the <see cref="StateFolder"/>, the <see cref="ChunkStore"/> and the <see cref="ManifestShelf"/>, with options from section <c>PeerAgent:Store</c>.</summary>
    public static IServiceCollection AddPeerAgentMedia(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<StoreOptions>()
            .BindConfiguration(StoreOptions.Section, o => o.ErrorOnUnknownConfiguration = true);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StoreOptions>, StoreOptionsValidator>());
        services.TryAddSingleton<StateFolder>();
        services.TryAddSingleton<ChunkStore>();
        services.TryAddSingleton<ManifestShelf>();
        return services;
    }
}
