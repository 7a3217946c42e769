using Microsoft.Extensions.Options;

namespace PeerAgent.Proxy;

/// <summary>The door-keeper of the proxy: <see cref="BrowserGuard"/> as middleware, and an end to open requests when the agent stops.</summary>
internal sealed class ProxyGate(RequestDelegate next, IOptions<ProxyOptions> options, IHostApplicationLifetime lifetime)
{
    private readonly BrowserGuard _guard = new(options);

    public async Task InvokeAsync(HttpContext context)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.RequestAborted = ends.Token;
        await _guard.InvokeAsync(context, next);
    }
}
