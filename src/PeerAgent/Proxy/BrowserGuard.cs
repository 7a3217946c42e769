using System.Net;
using Microsoft.Extensions.Options;

namespace PeerAgent.Proxy;

/// <summary>
/// Keeps web pages from reaching the proxy behind the user's back: a name that is not ours gets <c>421</c> (DNS
/// rebinding), and a foreign page may not change anything.
/// </summary>
internal sealed class BrowserGuard
{
    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase) { "localhost" };
    private readonly HashSet<string> _origins = new(StringComparer.OrdinalIgnoreCase);

    public BrowserGuard(IOptions<ProxyOptions> options)
    {
        _hosts.Add(Environment.MachineName);
        _hosts.Add(Environment.MachineName + ".local");
        _hosts.UnionWith(options.Value.AllowedHosts);
        _origins.UnionWith(options.Value.AllowedOrigins);
    }

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var host = context.Request.Host.Host.TrimEnd('.');
        if (host.Length > 0 && !IPAddress.TryParse(host.Trim('[', ']'), out _) && !_hosts.Contains(host))
        {
            return Problems.Of(
                StatusCodes.Status421MisdirectedRequest,
                $"'{host}' is not a name of this agent; use its address, or add the name to {ProxyOptions.Section}:AllowedHosts.").ExecuteAsync(context);
        }

        if (ChangesState(context.Request.Method) && IsForeign(context.Request))
        {
            return Problems.Of(
                StatusCodes.Status403Forbidden,
                $"A page of another origin may not do this; add its origin to {ProxyOptions.Section}:AllowedOrigins.").ExecuteAsync(context);
        }

        return next(context);
    }

    private static bool ChangesState(string method) =>
        !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    private bool IsForeign(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            && !_origins.Contains(origin)
            && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
