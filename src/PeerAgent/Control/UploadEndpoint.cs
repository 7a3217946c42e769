using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using PeerAgent.Proxy;
using PeerAgent.Swarm.Upload;

namespace PeerAgent.Control;

/// <summary><c>/control/upload</c>: what peers may take, read and changed from this machine while the agent runs.</summary>
internal static class UploadEndpoint
{
    private const int MaxBytes = 4 * 1024;

    internal static IResult Get(HttpContext context, UploadSettings settings, UploadWatch watch) =>
        (IResult?)Refusal(context) ?? Describe(settings, watch);

    internal static async Task<IResult> PutAsync(
        HttpContext context, UploadSettings settings, UploadWatch watch, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (Refusal(context) is { } refusal)
        {
            return refusal;
        }

        if (await ReadAsync(context.Request.Body, cancellationToken) is not { } body)
        {
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, $"The body is too large; a change has at most {MaxBytes} bytes.");
        }

        if (UploadChange.Read(body, out var change) is { } wrong)
        {
            return Problems.BadRequest(wrong);
        }

        if (settings.Change(change, UploadChange.NameOf) is { Count: > 0 } errors)
        {
            return Problems.BadRequest(string.Join(' ', errors));
        }

        var now = settings.Current;
        ControlLog.UploadChanged(
            loggers.CreateLogger(typeof(UploadEndpoint).FullName!), now.Enabled, now.Slots, now.MaxBytesPerSecond, now.MaxBytesPerSecondPerPeer);
        return Describe(settings, watch);
    }

    private static JsonHttpResult<UploadDescription> Describe(UploadSettings settings, UploadWatch watch) =>
        TypedResults.Json(UploadDescription.Of(settings.Current, watch.Now), ControlJson.Default.UploadDescription);

    /// <summary>Who is not on this machine has no say, even where the proxy listens for a whole house.</summary>
    private static ProblemHttpResult? Refusal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from)
            ? null
            : Problems.Of(StatusCodes.Status403Forbidden, "The agent is controlled from its own machine only; ask there at http://127.0.0.1.");

    private static async Task<byte[]?> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxBytes + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > MaxBytes ? null : buffer[..length];
    }
}
