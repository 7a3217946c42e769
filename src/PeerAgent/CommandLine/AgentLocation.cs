using PeerAgent.Listening;
using PeerAgent.Proxy;

namespace PeerAgent.CommandLine;

/// <summary>Where the running agent is asked.</summary>
internal static class AgentLocation
{
    /// <summary>The URL given on the command line, else the one in the settings; null when it is no <c>http://</c> URL.</summary>
    internal static Uri? Find(string[] settings, string? url)
    {
        if (url is not null)
        {
            return Uri.TryCreate(url, UriKind.Absolute, out var given) && given.Scheme == Uri.UriSchemeHttp ? given : null;
        }

        var configuration = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(settings)
            .Build();
        var listen = configuration[$"{ProxyOptions.Section}:Listen"] ?? new ProxyOptions().Listen;
        return ListenAddress.ParseAll(listen, out var addresses) is null ? addresses[0].LocalUrl() : null;
    }
}
