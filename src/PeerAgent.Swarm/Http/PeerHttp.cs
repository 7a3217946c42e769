using System.Net;
using System.Net.Http.Headers;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Http;

/// <summary>
/// The connections to peers and origins: pooled, no redirects, no proxy, no cookies, nothing unpacked behind our back.
/// </summary>
internal sealed class PeerHttp : IDisposable
{
    private readonly HttpMessageInvoker _peers;
    private readonly HttpMessageInvoker _origins;

    public PeerHttp(FetchOptions options)
    {
        // Streams count their own requests; here two of them may be at one address at full tilt, and a map never waits behind them.
        _peers = new HttpMessageInvoker(NewHandler(options, (options.MaxConnectionsPerPeer * 2) + 1));
        _origins = new HttpMessageInvoker(NewHandler(options, options.MaxConnectionsPerPeer * 2));
    }

    /// <summary>Sends to a peer; returns with the head of the answer.</summary>
    public Task<HttpResponseMessage> SendToPeerAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _peers.SendAsync(request, cancellationToken);

    /// <summary>Sends to an origin; returns with the head of the answer.</summary>
    public Task<HttpResponseMessage> SendToOriginAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _origins.SendAsync(request, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _peers.Dispose();
        _origins.Dispose();
    }

    /// <summary>The part of a chunk that is wanted, or nothing for the whole.</summary>
    public static RangeHeaderValue? RangeOf(ChunkWanted wanted) =>
        wanted is { Offset: 0, End: null } ? null : new RangeHeaderValue(wanted.Offset, wanted.End - 1);

    private static SocketsHttpHandler NewHandler(FetchOptions options, int connections) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = options.ConnectTimeout,
        MaxConnectionsPerServer = connections,
        MaxResponseDrainSize = 0,
        MaxResponseHeadersLength = 16,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        UseCookies = false,
        UseProxy = false,
    };
}
