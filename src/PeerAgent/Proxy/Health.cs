namespace PeerAgent.Proxy;

/// <summary><c>/healthz</c> and <c>/readyz</c>.</summary>
internal static class Health
{
    internal static IResult Live() => TypedResults.Text("alive\n");

    internal static IResult Ready(IHostApplicationLifetime lifetime) =>
        lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested
            ? TypedResults.Text("ready\n")
            : Problems.Of(StatusCodes.Status503ServiceUnavailable, "The agent is starting or stopping.");
}
