using Microsoft.AspNetCore.Http.HttpResults;
using PeerAgent.Media.Manifest;
using PeerAgent.Streams;
using Ppsp.Protocol.Xml;

namespace PeerAgent.Proxy;

/// <summary><c>POST /manifests</c> and <c>POST /</c>: a player brings a manifest and waits (draft-cruz-ppsp-http-tracker-protocol-01, section 3.6).</summary>
internal static class ManifestEndpoint
{
    internal static async Task<IResult> PostAsync(
        HttpContext context, Catalogue catalogue, CancellationToken cancellationToken)
    {
        var body = await ReadBodyAsync(context.Request, cancellationToken);
        if (body is null)
        {
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, $"The manifest is larger than {XmlBody.MaxBytes} bytes.");
        }

        if (!StreamInfoReader.Read(body).TryGet(out var info, out var error))
        {
            return Problems.Of(StatusOf(error.Kind), error.Message);
        }

        var outcome = await catalogue.RegisterAsync(info, body, PlayerKey.Of(context), cancellationToken);
        return outcome switch
        {
            Registered { Stream: var stream } => Described(context, stream, StatusCodes.Status201Created),
            AlreadyKnown { Stream: var stream } => Described(context, stream, StatusCodes.Status200OK),
            OtherContent => Problems.Conflict(
                $"Swarm '{info.SwarmId}' is being played here with other content; use another SwarmID, or try again when nobody plays it."),
            TooManyStreams { Limit: var limit } => Problems.Of(
                StatusCodes.Status503ServiceUnavailable,
                $"All {limit} streams that the agent may know are in use; try later, or raise {StreamsOptions.Section}:Max."),
            NoSource { Failures: var failures } => Problems.Of(
                StatusCodes.Status503ServiceUnavailable,
                $"No tracker could be reached and nothing else has the content. {string.Join(' ', failures)}"),
            _ => throw new InvalidOperationException($"Unexpected outcome {outcome.GetType().Name}."),
        };
    }

    private static JsonHttpResult<StreamDescription> Described(HttpContext context, AgentStream stream, int status)
    {
        context.Response.Headers.Location = StreamDescriber.PathOf(stream);
        return TypedResults.Json(StreamDescriber.Describe(stream, context.Request), StreamJson.Default.StreamDescription, statusCode: status);
    }

    private static int StatusOf(ManifestErrorKind kind) => kind switch
    {
        ManifestErrorKind.Malformed => StatusCodes.Status400BadRequest,
        ManifestErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ManifestErrorKind.NotAManifest => StatusCodes.Status415UnsupportedMediaType,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of error."),
    };

    /// <summary>The body, or null when it is longer than a manifest may be.</summary>
    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > XmlBody.MaxBytes)
        {
            return null;
        }

        using var buffer = new MemoryStream();
        var part = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(part, cancellationToken)) > 0)
        {
            if (buffer.Length + read > XmlBody.MaxBytes)
            {
                return null;
            }

            buffer.Write(part, 0, read);
        }

        return buffer.ToArray();
    }
}
