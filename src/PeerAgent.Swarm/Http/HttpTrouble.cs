using System.Net;
using System.Net.Sockets;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Http;

/// <summary>Turns what HTTP may throw or answer into neutral outcomes: the one place that does.</summary>
internal static class HttpTrouble
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(60);

    /// <summary>Runs a transfer; only the caller's own cancellation comes out as an exception.</summary>
    public static async Task<TransferOutcome> GuardAsync(
        Patience patience, Func<Task<TransferOutcome>> transfer, CancellationToken cancellationToken)
    {
        try
        {
            return await transfer();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return patience.Ran
                ? new TransferOutcome(TransferResult.TooSlow, "was silent or too slow for too long")
                : new TransferOutcome(TransferResult.Unreachable, "did not accept a connection in time");
        }
        catch (HttpRequestException e)
        {
            return FromError(e.HttpRequestError);
        }
        catch (HttpIOException e)
        {
            return FromError(e.HttpRequestError);
        }
        catch (SocketException)
        {
            // Reset in the moment in which it was made: HttpClient lets that through as it is.
            return new TransferOutcome(TransferResult.Unreachable, "cannot be reached");
        }
        catch (IOException)
        {
            return new TransferOutcome(TransferResult.BrokenOff, "broke off");
        }
        catch (InvalidDataException)
        {
            return new TransferOutcome(TransferResult.Malformed, "sent gzip that cannot be unpacked");
        }
    }

    /// <summary>What a status other than success means.</summary>
    public static TransferOutcome FromStatus(HttpResponseMessage response, TimeProvider time) => response.StatusCode switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone => new(TransferResult.NotHeld, "has not got it"),
        HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => new(TransferResult.Forbidden, "does not serve us"),
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests =>
            new(TransferResult.Overloaded, "is overloaded", RetryAfter(response, time)),
        HttpStatusCode.RequestedRangeNotSatisfiable => new(TransferResult.NoSuchPart, "has a shorter chunk than expected"),
        >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest =>
            new(TransferResult.Malformed, $"answered {(int)response.StatusCode}; this is not followed"),
        var status => new(TransferResult.Malformed, $"answered {(int)status}"),
    };

    /// <summary>How long the answer asks us to wait, at most a minute; null when it does not say.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait is { } w ? TimeSpan.FromTicks(Math.Clamp(w.Ticks, 0, LongestRetryAfter.Ticks)) : null;
    }

    private static TransferOutcome FromError(HttpRequestError error) => error switch
    {
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError =>
            new TransferOutcome(TransferResult.Unreachable, "cannot be reached"),
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.VersionNegotiationError =>
            new TransferOutcome(TransferResult.Malformed, "does not answer in HTTP as we know it"),
        _ => new TransferOutcome(TransferResult.BrokenOff, "broke off"),
    };
}
