using Microsoft.AspNetCore.Http.HttpResults;

namespace PeerAgent.Page;

/// <summary>The agent's own page: what is here, and a player for it. Files are built into the program.</summary>
internal static class PlayerPage
{
    internal static IResult Html(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        return File("page.html", "text/html; charset=utf-8");
    }

    internal static IResult Script() => File("page.js", "text/javascript; charset=utf-8");

    internal static IResult Style() => File("page.css", "text/css; charset=utf-8");

    private static FileStreamHttpResult File(string name, string contentType)
    {
        var stream = typeof(PlayerPage).Assembly.GetManifestResourceStream($"PeerAgent.Page.{name}")
            ?? throw new InvalidOperationException($"{name} is not built in.");
        return TypedResults.Stream(stream, contentType);
    }
}
