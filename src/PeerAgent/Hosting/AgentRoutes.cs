using PeerAgent.Control;
using PeerAgent.Listening;
using PeerAgent.Page;
using PeerAgent.Proxy;
using PeerAgent.Swarm.Upload;

namespace PeerAgent.Hosting;

/// <summary>Every route of the agent, door by door, in full and without logic.</summary>
internal static class AgentRoutes
{
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];

    internal static void Map(WebApplication app)
    {
        app.MapWhen(context => Listeners.DoorOf(context) == Listener.Peers, peers =>
        {
            peers.UseRouting();
            peers.UseEndpoints(routes => routes.MapPeerProtocol());
        });

        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<ProxyGate>();
        app.UseWhen(context => context.Request.Headers.Origin.Count > 0, fromPages => fromPages.UseCrossOrigin());
        app.UseRouting();

        app.MapPost("/manifests", ManifestEndpoint.PostAsync);
        app.MapPost("/", ManifestEndpoint.PostAsync);
        app.MapGet("/streams", StreamEndpoints.List);
        app.MapMethods("/streams/{**rest}", Read, StreamEndpoints.GetAsync);
        app.MapDelete("/streams/{**rest}", StreamEndpoints.DeleteAsync);
        app.MapGet("/control/upload", UploadEndpoint.Get);
        app.MapPut("/control/upload", UploadEndpoint.PutAsync);
        app.MapGet("/healthz", Health.Live);
        app.MapGet("/readyz", Health.Ready);
        app.MapGet("/", PlayerPage.Html);
        app.MapGet("/page.js", PlayerPage.Script);
        app.MapGet("/page.css", PlayerPage.Style);
        app.MapMethods("/{**path}", Read, ChunkEndpoint.GetByNameAsync);
    }
}
