using System.Net;

namespace PeerAgent.Listening;

/// <summary>One address to listen on, from a URL in the settings.</summary>
/// <param name="Address">Null for <c>localhost</c>: both loopback addresses.</param>
/// <param name="Port">TCP port; 0 lets the system choose.</param>
public readonly record struct ListenAddress(IPAddress? Address, int Port)
{
    /// <summary>The URL under which a program on this machine reaches it, ending in a slash.</summary>
    public Uri LocalUrl()
    {
        var local = Address is null || Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : Address;
        return new Uri($"http://{new IPEndPoint(local, Port)}/");
    }

    /// <summary>Reads URLs separated by semicolons.</summary>
    /// <param name="text">For example <c>http://127.0.0.1:7680</c> or <c>http://*:7680</c>.</param>
    /// <param name="addresses">The addresses; empty on an error.</param>
    /// <returns>Null, or what is wrong.</returns>
    public static string? ParseAll(string? text, out IReadOnlyList<ListenAddress> addresses)
    {
        var found = new List<ListenAddress>();
        addresses = [];
        foreach (var part in (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Parse(part, out var address) is { } error)
            {
                return error;
            }

            found.Add(address);
        }

        if (found.Count == 0)
        {
            return "is empty; give a URL such as http://127.0.0.1:7680.";
        }

        addresses = found;
        return null;
    }

    private static string? Parse(string text, out ListenAddress address)
    {
        address = default;
        var wildcard = text.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(wildcard, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp)
        {
            return $"'{text}' is not an http:// URL; one looks like http://127.0.0.1:7680.";
        }

        if (uri.PathAndQuery != "/")
        {
            return $"'{text}' has a path; give scheme, address and port only.";
        }

        if (uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            address = new ListenAddress(null, uri.Port);
            return uri.Port == 0 ? $"'{text}': localhost needs a port; use http://127.0.0.1:0 for a free one." : null;
        }

        if (!IPAddress.TryParse(uri.Host, out var ip))
        {
            return $"'{text}' names a host; give one of this machine's addresses, localhost or *.";
        }

        address = new ListenAddress(ip, uri.Port);
        return null;
    }
}
