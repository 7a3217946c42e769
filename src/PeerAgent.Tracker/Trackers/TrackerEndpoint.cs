using System.Diagnostics.CodeAnalysis;

namespace PeerAgent.Tracker.Trackers;

/// <summary>
/// Where a tracker answers, and how much it is preferred
/// (draft-cruz-ppsp-http-tracker-protocol-01, section 3.6, <c>Tracker</c> in the manifest).
/// </summary>
public sealed record TrackerEndpoint
{
    /// <summary>Longest URL in characters.</summary>
    public const int MaxUrlLength = 2048;

    /// <summary>Takes a URL that is known to be good; for one that comes from outside use <see cref="TryCreate"/>.</summary>
    /// <param name="url">Absolute http or https URL.</param>
    /// <param name="tier">The tier, lower = tried earlier.</param>
    /// <exception cref="ArgumentException">It is not an absolute http or https URL with a host.</exception>
    public TrackerEndpoint(Uri url, int tier)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!IsUsable(url))
        {
            throw new ArgumentException("A tracker's URL is absolute, has a host and starts with http or https.", nameof(url));
        }

        Url = url;
        Tier = tier;
    }

    /// <summary>The URL as configured: absolute, http or https. It may hold secrets; show <see cref="Name"/> to people.</summary>
    public Uri Url { get; }

    /// <summary>The tier, lower = tried earlier; any number.</summary>
    public int Tier { get; }

    /// <summary>The URL for logs, errors and pages: without user name, password, query and fragment.</summary>
    public string Name => Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>Reads the URL of a tracker. False for anything that is not an absolute http or https URL with a host.</summary>
    /// <param name="url">The URL; surrounding white space is ignored; at most <see cref="MaxUrlLength"/> characters.</param>
    /// <param name="tier">The tier.</param>
    /// <param name="endpoint">The endpoint.</param>
    public static bool TryCreate(string? url, int tier, [NotNullWhen(true)] out TrackerEndpoint? endpoint)
    {
        endpoint = null;
        if (url is { Length: <= MaxUrlLength } && Uri.TryCreate(url.Trim(), UriKind.Absolute, out var uri) && IsUsable(uri))
        {
            endpoint = new TrackerEndpoint(uri, tier);
        }

        return endpoint is not null;
    }

    /// <summary>The <see cref="Name"/> and the tier.</summary>
    public override string ToString() => $"{Name} (tier {Tier})";

    private static bool IsUsable(Uri url) =>
        url is { IsAbsoluteUri: true, Host.Length: > 0 }
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
}
