using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace PeerAgent.Swarm.Upload;

/// <summary>Where other peers ask us (draft-cruz-ppsp-http-peer-protocol-00, section 4).</summary>
public static class PeerEndpoint
{
    /// <summary>
    /// Answers the peer protocol: <c>POST</c> on any path, every other verb <c>405</c>. The host gives it a listener of its own
    /// (<c>PeerAgent:Peer:Listen</c>).
    /// </summary>
    public static IEndpointConventionBuilder MapPeerProtocol(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var handler = endpoints.ServiceProvider.GetRequiredService<PeerRequestHandler>();
        return endpoints.Map("/{**path}", handler.InvokeAsync);
    }
}
