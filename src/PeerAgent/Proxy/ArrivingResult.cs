using PeerAgent.Swarm.Fetching;

namespace PeerAgent.Proxy;

/// <summary>Sends a chunk on while it still arrives; when it breaks off, so does the answer.</summary>
internal sealed class ArrivingResult(ChunkArrival arrival) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var lease = arrival;
        var response = httpContext.Response;
        response.ContentType = arrival.ContentType;
        response.ContentLength = arrival.Length;
        response.Headers.AcceptRanges = "bytes";
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        try
        {
            await using var stream = arrival.OpenRead();
            await stream.CopyToAsync(response.Body, httpContext.RequestAborted);
        }
        catch (IOException)
        {
            // The arrival broke off. A cut connection is the only way to tell a player that has its headers already.
            httpContext.Abort();
        }
    }
}
