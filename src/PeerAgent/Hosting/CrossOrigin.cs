using Microsoft.AspNetCore.Cors.Infrastructure;

namespace PeerAgent.Hosting;

/// <summary>
/// The framework's CORS middleware, put in by hand: the framework's own way compiles an expression to call it, and that loads a
/// library that nothing else needs.
/// </summary>
internal static class CrossOrigin
{
    internal static void UseCrossOrigin(this IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        var policies = services.GetRequiredService<ICorsPolicyProvider>();
        app.Use(next =>
        {
            var cors = new CorsMiddleware(
                next, services.GetRequiredService<ICorsService>(), services.GetRequiredService<ILoggerFactory>());
            return context => cors.Invoke(context, policies);
        });
    }
}
