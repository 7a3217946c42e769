using System.Net;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Http;

/// <summary>Gets chunks by their names from where they are served over plain HTTP.</summary>
internal sealed class OriginClient(PeerHttp http, FetchOptions options, TimeProvider time)
{
    /// <summary>Asks for a chunk; its bytes go to the sink as they arrive.</summary>
    /// <param name="origin">Base URL; ends in a slash.</param>
    /// <param name="wanted">The chunk.</param>
    /// <param name="sink">Takes the bytes.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<TransferOutcome> GetChunkAsync(
        Uri origin, ChunkWanted wanted, ITransferSink sink, CancellationToken cancellationToken)
    {
        using var patience = new Patience(time, options.ResponseTimeout, options.TransferTimeout, cancellationToken);
        return await HttpTrouble.GuardAsync(
            patience,
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(origin, Uri.EscapeDataString(wanted.Name)));
                request.Headers.Range = PeerHttp.RangeOf(wanted);
                using var response = await http.SendToOriginAsync(request, patience.Token);
                patience.Progress(options.IdleTimeout);
                return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent
                    ? await ChunkAnswer.ReadAsync(response, wanted, sink, options.IdleTimeout, patience)
                    : HttpTrouble.FromStatus(response, time);
            },
            cancellationToken);
    }
}
