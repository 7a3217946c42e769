using System.Net;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Http;

/// <summary>
/// Gets chunks by their names from where they are served over plain HTTP. Asks for them as they are (no content coding),
/// follows a few redirects, and reads no faster than the process may.
/// </summary>
internal sealed class OriginClient(PeerHttp http, FetchOptions options, OriginOptions origins, OriginRate rate, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _open = [];
    private long _asked;

    /// <summary>False when no origin is to be asked at all.</summary>
    public bool IsEnabled => origins.Enabled;

    /// <summary>How many requests were begun, all origins together.</summary>
    public long Asked => Interlocked.Read(ref _asked);

    /// <summary>True when another request may be opened there.</summary>
    public bool HasRoom(Uri origin)
    {
        lock (_gate)
        {
            return _open.GetValueOrDefault(origin.Authority) < origins.MaxConnections;
        }
    }

    /// <summary>Asks for a chunk; its bytes go to the sink as they arrive.</summary>
    /// <param name="origin">Base URL; ends in a slash.</param>
    /// <param name="wanted">The chunk.</param>
    /// <param name="sink">Takes the bytes.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<TransferOutcome> GetChunkAsync(
        Uri origin, ChunkWanted wanted, ITransferSink sink, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        Count(origin.Authority, 1);
        try
        {
            using var patience = new Patience(time, options.ResponseTimeout, options.TransferTimeout, cancellationToken);
            var outcome = await HttpTrouble.GuardAsync(patience, () => AskAsync(origin, wanted, sink, patience), cancellationToken);
            return outcome.Result == TransferResult.TooSlow && rate.IsUsedUp
                ? new TransferOutcome(TransferResult.Overloaded, $"was held back by {OriginOptions.Section}:MaxBytesPerSecond")
                : outcome;
        }
        finally
        {
            Count(origin.Authority, -1);
        }
    }

    private async Task<TransferOutcome> AskAsync(Uri origin, ChunkWanted wanted, ITransferSink sink, Patience patience)
    {
        var place = new Uri(origin, Uri.EscapeDataString(wanted.Name));
        var publicOnly = false;
        for (var followed = 0; ; followed++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, place);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
            request.Headers.Range = PeerHttp.RangeOf(wanted);
            using var response = await SendAsync(request, publicOnly, patience);
            if (response is null)
            {
                return new TransferOutcome(TransferResult.Malformed, "redirects to a place that is not public");
            }

            patience.Progress(options.IdleTimeout);
            if (!OriginRedirects.Is(response))
            {
                return await ReadAsync(response, wanted, sink, patience);
            }

            var (next, fault) = OriginRedirects.Next(place, response.Headers.Location, followed);
            if (next is null)
            {
                return new TransferOutcome(TransferResult.Malformed, fault);
            }

            publicOnly = publicOnly || await OriginRedirects.IsPublicAsync(place, patience.Token);
            place = next;
            patience.Progress(options.ResponseTimeout);
        }
    }

    private async Task<HttpResponseMessage?> SendAsync(HttpRequestMessage request, bool publicOnly, Patience patience)
    {
        try
        {
            return await http.SendToOriginAsync(request, publicOnly, patience.Token);
        }
        catch (HttpRequestException e) when (e.InnerException is NotPublicException)
        {
            return null;
        }
    }

    private async Task<TransferOutcome> ReadAsync(HttpResponseMessage response, ChunkWanted wanted, ITransferSink sink, Patience patience)
    {
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
        {
            return HttpTrouble.FromStatus(response, time);
        }

        var coding = response.Content.Headers.ContentEncoding.FirstOrDefault(c => !c.Equals("identity", StringComparison.OrdinalIgnoreCase));
        return coding is not null
            ? new TransferOutcome(TransferResult.Malformed, "sent a content coding where the chunk as it is was asked for")
            : await ChunkAnswer.ReadAsync(
                response, wanted, new OriginSink(sink, response), options.IdleTimeout, patience,
                body => new OriginBody(body, rate, wanted.SwarmId, patience, options.IdleTimeout));
    }

    private void Count(string authority, int by)
    {
        lock (_gate)
        {
            var open = _open.GetValueOrDefault(authority) + by;
            if (open > 0)
            {
                _open[authority] = open;
            }
            else
            {
                _open.Remove(authority);
            }
        }
    }
}
