using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace PeerAgent.Proxy;

/// <summary>
/// The door-keeper of the proxy: <see cref="BrowserGuard"/> as middleware; a player that pauses may read as slowly as it
/// likes; who waits when the agent stops is told so.
/// </summary>
internal sealed class ProxyGate(RequestDelegate next, IOptions<ProxyOptions> options, IHostApplicationLifetime lifetime)
{
    private readonly BrowserGuard _guard = new(options);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        try
        {
            await _guard.InvokeAsync(context, next);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested && !context.Response.HasStarted)
        {
            await Problems.Of(StatusCodes.Status503ServiceUnavailable, "The agent is stopping; ask again when it runs.").ExecuteAsync(context);
        }
    }
}
