using Microsoft.AspNetCore.Http.HttpResults;

namespace PeerAgent.Proxy;

/// <summary>Error answers to players: <c>application/problem+json</c> with a sentence a person can act on.</summary>
internal static class Problems
{
    internal static ProblemHttpResult BadRequest(string detail) => Of(StatusCodes.Status400BadRequest, detail);

    internal static ProblemHttpResult NotFound(string detail) => Of(StatusCodes.Status404NotFound, detail);

    internal static ProblemHttpResult UnknownStream(string swarmId) =>
        NotFound($"No stream '{swarmId}' is known here; POST its manifest to /manifests first.");

    internal static ProblemHttpResult Conflict(string detail) => Of(StatusCodes.Status409Conflict, detail);

    internal static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(detail, statusCode: status);

    /// <summary>The sentence for an answer that the framework gave without one.</summary>
    internal static string Explain(HttpContext context, int? status) => status switch
    {
        StatusCodes.Status404NotFound => $"Nothing is at {context.Request.Path}; see /streams for what is here.",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Method} is not possible here; see the Allow header.",
        StatusCodes.Status413PayloadTooLarge => "The body is too large; a manifest has at most 1 MiB.",
        StatusCodes.Status416RangeNotSatisfiable => "The range is outside the chunk; see Content-Range for its length.",
        StatusCodes.Status500InternalServerError => "The agent failed on this request; its log says more.",
        _ => "The request cannot be served as it is.",
    };
}
