using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace ReferenceTracker.Settings;

/// <summary>The address and port in a <c>Listen</c> setting.</summary>
/// <param name="EndPoint">What to bind; port 0 = any free one.</param>
internal sealed record ListenAddress(IPEndPoint EndPoint)
{
    /// <summary>Reads <c>http://ADDRESS:PORT</c>; <c>localhost</c> is 127.0.0.1, <c>*</c> and <c>+</c> are any address.</summary>
    internal static bool TryParse(string? text, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = null;
        const string scheme = "http://";
        if (text is null || !text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = text[scheme.Length..].TrimEnd('/');
        var colon = rest.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(rest.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out var port))
        {
            return false;
        }

        var ip = rest[..colon] switch
        {
            "localhost" => IPAddress.Loopback,
            "*" or "+" => IPAddress.Any,
            ['[', .. var v6, ']'] when v6.Contains(':', StringComparison.Ordinal) => IPAddress.TryParse(v6, out var parsed) ? parsed : null,
            var v4 => IPAddress.TryParse(v4, out var parsed) && parsed.ToString() == v4 ? parsed : null,
        };
        address = ip is null ? null : new ListenAddress(new IPEndPoint(ip, port));
        return address is not null;
    }
}
