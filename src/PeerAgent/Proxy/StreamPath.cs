using Microsoft.AspNetCore.Http.Features;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Proxy;

/// <summary>
/// The path of a request, cut into segments before they are percent-decoded, so that an encoded slash stays inside its
/// segment (a swarm id may hold any characters).
/// </summary>
internal static class StreamPath
{
    private const int MaxLength = 8192;

    /// <summary>Reads <c>/streams/{swarmId}[/{rest}]</c>. False when the path is not one, or has dot segments or bad escapes.</summary>
    internal static bool TryParse(HttpContext context, out SwarmId swarmId, out string rest)
    {
        swarmId = default;
        rest = "";
        var segments = Segments(context);
        if (segments is null || segments.Length < 2 || segments[0] != "streams" || !SwarmId.TryParse(segments[1], out swarmId))
        {
            return false;
        }

        rest = string.Join('/', segments[2..]);
        return true;
    }

    /// <summary>The whole path without its leading slash, decoded; null when it has dot segments or is too long.</summary>
    internal static string? Decoded(HttpContext context) => Segments(context) is { } segments ? string.Join('/', segments) : null;

    private static string[]? Segments(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (!target.StartsWith('/') && Uri.TryCreate(target, UriKind.Absolute, out var absolute))
        {
            target = absolute.AbsolutePath;
        }

        var end = target.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? target : target[..end];
        if (path.Length is 0 or > MaxLength || path[0] != '/')
        {
            return null;
        }

        var segments = path[1..].Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            segments[i] = Uri.UnescapeDataString(segments[i]);
            if (segments[i] is "." or ".." || segments[i].Contains('\0', StringComparison.Ordinal))
            {
                return null;
            }
        }

        return segments;
    }
}
