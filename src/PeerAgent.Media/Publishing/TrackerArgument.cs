using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PeerAgent.Media.Streams;

namespace PeerAgent.Media.Publishing;

/// <summary>A tracker as it is named on a command line: <c>URL[@TIER]</c>.</summary>
public static class TrackerArgument
{
    /// <summary>Highest tier that can be given.</summary>
    public const int MaxTier = 1000;

    private const int MaxTextLength = 2048;

    /// <summary>
    /// Reads an absolute http or https URL without user information, with the tier (1 to <see cref="MaxTier"/>, 1 when
    /// left out) behind the last <c>@</c>. An <c>@</c> that is followed by anything but digits belongs to the URL.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out TrackerReference? tracker)
    {
        tracker = null;
        if (text is null || text.Length > MaxTextLength)
        {
            return false;
        }

        var tier = 1;
        var url = text.Trim();
        var at = url.LastIndexOf('@');
        if (at >= 0 && IsDigits(url.AsSpan(at + 1)))
        {
            if (!int.TryParse(url.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out tier)
                || tier is < 1 or > MaxTier)
            {
                return false;
            }

            url = url[..at];
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            || (parsed.Scheme != Uri.UriSchemeHttp && parsed.Scheme != Uri.UriSchemeHttps)
            || parsed.UserInfo.Length > 0 || parsed.Host.Length == 0)
        {
            return false;
        }

        tracker = new TrackerReference(parsed, tier);
        return true;
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');
}
