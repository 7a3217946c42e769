using System.Net;
using System.Net.Sockets;

namespace PeerAgent.Swarm.Http;

/// <summary>
/// How far redirects of origins are followed: a few, to http and https, never from https to http, and never from a public
/// place to one that is not (<see cref="PeerHttp"/> sees to the last).
/// </summary>
internal static class OriginRedirects
{
    /// <summary>Most redirects one after the other.</summary>
    public const int Most = 3;

    /// <summary>True when the answer sends us elsewhere.</summary>
    public static bool Is(HttpResponseMessage response) => response.StatusCode
        is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>Where the answer sends us.</summary>
    /// <param name="from">What was asked.</param>
    /// <param name="location">The answer's <c>Location</c>.</param>
    /// <param name="followed">Redirects followed so far.</param>
    /// <returns>The place; or null and why it is not followed, as a part of a sentence.</returns>
    public static (Uri? To, string Fault) Next(Uri from, Uri? location, int followed)
    {
        if (followed >= Most)
        {
            return (null, $"redirects more than {Most} times");
        }

        if (location is null || !Uri.TryCreate(from, location, out var to) || to.Host.Length == 0
            || (to.Scheme != Uri.UriSchemeHttp && to.Scheme != Uri.UriSchemeHttps))
        {
            return (null, "redirects to what is no http or https URL");
        }

        return from.Scheme == Uri.UriSchemeHttps && to.Scheme == Uri.UriSchemeHttp
            ? (null, "redirects from https to http")
            : (to, "");
    }

    /// <summary>True unless all addresses of the host are private ones; true also when nobody knows them.</summary>
    public static async Task<bool> IsPublicAsync(Uri place, CancellationToken cancellationToken)
    {
        try
        {
            return Array.Exists(await PublicAddress.OfAsync(place.IdnHost, cancellationToken), PublicAddress.Is);
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
