using PeerAgent.Media.Playlist;
using PeerAgent.Streams;

namespace PeerAgent.Proxy;

/// <summary>Everything below <c>/streams</c>.</summary>
internal static class StreamEndpoints
{
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(1);

    private const string TraceStart = "chunks/";
    private const string TraceEnd = "/trace";
    private const string PlaylistType = "application/vnd.apple.mpegurl";

    internal static IResult List(HttpContext context, Catalogue catalogue) =>
        TypedResults.Json<IReadOnlyList<StreamDescription>>(
            [.. catalogue.Streams.OrderByDescending(s => s.LastUsed).Select(s => StreamDescriber.Describe(s, context.Request))],
            StreamJson.Default.IReadOnlyListStreamDescription);

    internal static async Task<IResult> GetAsync(
        HttpContext context, Catalogue catalogue, CancellationToken cancellationToken)
    {
        if (!TryFind(context, catalogue, out var stream, out var rest, out var problem))
        {
            return problem;
        }

        if (rest is "" or "chunkmap" && stream.Active is { } active)
        {
            // A chunk that a player was given before it asked here is on its way to disk at most.
            await active.Chunks.SettleAsync(LongestWrite, cancellationToken);
        }

        return rest switch
        {
            "" => TypedResults.Json(StreamDescriber.Describe(stream, context.Request), StreamJson.Default.StreamDescription),
            "chunkmap" => TypedResults.Json(StreamDescriber.DescribeMap(stream), StreamJson.Default.ChunkMapDescription),
            _ when rest.StartsWith(TraceStart, StringComparison.Ordinal) && rest.EndsWith(TraceEnd, StringComparison.Ordinal) =>
                Trace(stream, rest[TraceStart.Length..^TraceEnd.Length]),
            _ when rest.EndsWith(".m3u8", StringComparison.Ordinal) => Playlist(context, stream, rest),
            _ => await ChunkEndpoint.GetAsync(context, stream, rest, cancellationToken),
        };
    }

    internal static async Task<IResult> DeleteAsync(HttpContext context, Catalogue catalogue, CancellationToken cancellationToken)
    {
        if (!TryFind(context, catalogue, out var stream, out var rest, out var problem))
        {
            return problem;
        }

        if (rest.Length > 0)
        {
            return Problems.Of(StatusCodes.Status405MethodNotAllowed, "Only a whole stream can be left: DELETE /streams/{swarmId}.");
        }

        var player = PlayerKey.Of(context);
        stream.Players.Remove(player);
        stream.Active?.Swarm.PlayerLeft(player.Value);
        await stream.LeaveIfUnusedAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>How the latest fetch of a chunk went.</summary>
    private static IResult Trace(AgentStream stream, string name)
    {
        if (!stream.Layout.TryResolve(name, out var chunk))
        {
            return Problems.NotFound($"'{name}' is not a chunk of stream '{stream.Info.SwarmId}'.");
        }

        return stream.Active?.Swarm.TraceOf(chunk.Value) is { } trace
            ? TypedResults.Json(StreamDescriber.DescribeTrace(stream, trace), StreamJson.Default.TraceDescription)
            : Problems.NotFound($"'{name}' was not fetched lately, so there is nothing to tell.");
    }

    private static IResult Playlist(HttpContext context, AgentStream stream, string name)
    {
        if (HlsPlaylist.Write(stream.Layout, name) is not { } text)
        {
            return Problems.NotFound($"The stream has no playlist '{name}'; index.m3u8 leads to all of them.");
        }

        stream.Players.Touch(PlayerKey.Of(context));
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Text(text, PlaylistType);
    }

    private static bool TryFind(
        HttpContext context,
        Catalogue catalogue,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AgentStream? stream,
        out string rest,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out IResult? problem)
    {
        stream = null;
        problem = null;
        if (StreamPath.TryParse(context, out var swarmId, out rest) && catalogue.TryGet(swarmId, out stream))
        {
            return true;
        }

        problem = Problems.UnknownStream(swarmId.Value);
        return false;
    }
}
