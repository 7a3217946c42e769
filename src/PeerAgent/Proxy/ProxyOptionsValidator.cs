using Microsoft.Extensions.Options;
using PeerAgent.Listening;

namespace PeerAgent.Proxy;

internal sealed class ProxyOptionsValidator : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        var failures = new List<string>();
        if (ListenAddress.ParseAll(options.Listen, out _) is { } error)
        {
            failures.Add($"{ProxyOptions.Section}:Listen: {error}");
        }

        foreach (var host in options.AllowedHosts.Where(h => Uri.CheckHostName(h) == UriHostNameType.Unknown))
        {
            failures.Add($"{ProxyOptions.Section}:AllowedHosts: '{host}' is not a host name; give it without scheme and port.");
        }

        foreach (var origin in options.AllowedOrigins.Where(o => !IsOrigin(o)))
        {
            failures.Add($"{ProxyOptions.Section}:AllowedOrigins: '{origin}' is not an origin; one looks like https://player.example.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && text.Equals(uri.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase);
}
