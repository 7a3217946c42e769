using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using PeerAgent.Streams;
using PeerAgent.Swarm.Fetching;
using PeerAgent.Swarm.Upload;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Proxy;

/// <summary>A player asks for a chunk by its name. Ranges, conditional requests and HEAD follow the framework's rules.</summary>
internal static class ChunkEndpoint
{
    /// <summary>Who asks for fewer bytes of a chunk does not play it.</summary>
    private const int SmallPart = 64 * 1024;

    /// <summary>The chunk at <c>/streams/{swarmId}/{name}</c>.</summary>
    internal static Task<IResult> GetAsync(HttpContext context, AgentStream stream, string name, CancellationToken cancellationToken) =>
        stream.Layout.TryResolve(name, out var chunk)
            ? ServeAsync(context, stream, chunk.Value, cancellationToken)
            : Task.FromResult<IResult>(Problems.NotFound($"'{name}' is not a chunk of stream '{stream.Info.SwarmId}'."));

    /// <summary>The chunk at its bare name, found among the streams that are known.</summary>
    internal static Task<IResult> GetByNameAsync(HttpContext context, Catalogue catalogue, CancellationToken cancellationToken)
    {
        var path = StreamPath.Decoded(context);
        return path is not null && catalogue.TryFindChunk(path, out var stream, out var chunk)
            ? ServeAsync(context, stream, chunk, cancellationToken)
            : Task.FromResult<IResult>(Problems.NotFound(Problems.Explain(context, StatusCodes.Status404NotFound)));
    }

    private static async Task<IResult> ServeAsync(
        HttpContext context, AgentStream stream, ChunkId chunk, CancellationToken cancellationToken)
    {
        var player = PlayerKey.Of(context);
        context.Response.RegisterForDispose(stream.Players.Hold(player));
        var active = await stream.ActivateAsync(cancellationToken);
        if (!IsProbe(context.Request))
        {
            active.Swarm.PlayerAsked(player.Value, chunk);
        }

        if (await active.Chunks.OpenAsync(chunk, cancellationToken) is { } here)
        {
            return new WholeChunkResult(here, active.Chunks.Layout.ContentTypeOf(chunk));
        }

        // A wait ends with the player, and with the agent.
        var lifetime = context.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        return await FetchAsync(context, stream, active, chunk, ends.Token);
    }

    /// <summary>A look at a chunk rather than a play: HEAD, or a small part of it.</summary>
    private static bool IsProbe(HttpRequest request) =>
        HttpMethods.IsHead(request.Method)
        || (request.Headers.Range.Count > 0
            && RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var range)
            && range.Ranges.All(r => (r.From is null ? r.To : r.To - r.From) < SmallPart));

    private static async Task<IResult> FetchAsync(
        HttpContext context, AgentStream stream, ActiveStream active, ChunkId chunk, CancellationToken cancellationToken)
    {
        // While a player of ours has nothing left to play, peers get less.
        using var waiting = context.RequestServices.GetRequiredService<OwnPlayers>().Waiting(active.Swarm.LeftBefore(chunk));
        var outcome = await active.Swarm.GetAsync(chunk, cancellationToken);
        if (outcome is ChunkOutcome.Arriving { Chunk: var arrival } && context.Request.Headers.Range.Count > 0)
        {
            // A part of something whose length is not known yet: once all of it is here, the part is cut from that.
            using (arrival)
            {
                if (await CollectAsync(arrival, cancellationToken) is { } whole)
                {
                    return TypedResults.Bytes(whole, arrival.ContentType, enableRangeProcessing: true);
                }
            }

            outcome = await active.Swarm.GetAsync(chunk, cancellationToken);
        }

        return outcome switch
        {
            ChunkOutcome.Held { Chunk: var held } => new WholeChunkResult(held, active.Chunks.Layout.ContentTypeOf(chunk)),
            ChunkOutcome.Arriving arriving => new ArrivingResult(arriving.Chunk),
            _ => Failed(outcome, stream.Layout.NameOf(chunk)),
        };
    }

    /// <summary>The whole chunk, bounded as every chunk is; null when it broke off: asking again says what there is instead.</summary>
    private static async Task<byte[]?> CollectAsync(ChunkArrival arrival, CancellationToken cancellationToken)
    {
        try
        {
            using var whole = new MemoryStream();
            await using var stream = arrival.OpenRead();
            await stream.CopyToAsync(whole, cancellationToken);
            return whole.ToArray();
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The one place that turns what a swarm could not give into an answer.</summary>
    private static ProblemHttpResult Failed(ChunkOutcome outcome, string name) => outcome switch
    {
        ChunkOutcome.NotInStream => Problems.NotFound($"'{name}' is not in the stream any more."),
        ChunkOutcome.NotFound { Reason: var reason } => NotInTime(name, reason),
        ChunkOutcome.TimedOut { Reason: var reason } => NotInTime(name, reason),
        ChunkOutcome.Closed => Problems.Of(
            StatusCodes.Status503ServiceUnavailable, $"The stream was left while '{name}' was on its way; ask again."),
        _ => throw new InvalidOperationException($"Unexpected outcome {outcome.GetType().Name}."),
    };

    private static ProblemHttpResult NotInTime(string name, string reason) =>
        Problems.Of(StatusCodes.Status504GatewayTimeout, $"'{name}' did not come in time: {reason}");
}
