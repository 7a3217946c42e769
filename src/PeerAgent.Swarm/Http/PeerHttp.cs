using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Http;

/// <summary>
/// The connections to peers and origins: pooled, no redirects of their own, no proxy, no cookies, nothing unpacked behind our back.
/// </summary>
internal sealed class PeerHttp : IDisposable
{
    private const int Leftover = 16 * 1024;

    private readonly HttpMessageInvoker _peers;
    private readonly HttpMessageInvoker _origins;
    private readonly HttpMessageInvoker _publicOrigins;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="options">Time-outs.</param>
    /// <param name="origins">Limits for origins.</param>
    /// <param name="dial">Makes the connections to origins; null for the network's.</param>
    public PeerHttp(FetchOptions options, OriginOptions origins, OriginDial? dial = null)
    {
        // Streams count their own requests; here two of them may be at one address at full tilt, and a map never waits behind them.
        _peers = new HttpMessageInvoker(NewHandler(options, (options.MaxConnectionsPerPeer * 2) + 1));
        var plain = NewOriginHandler(options, origins);
        plain.ConnectCallback = dial is null ? null : async (context, ends) => await dial(context.DnsEndPoint, ends);
        _origins = new HttpMessageInvoker(plain);
        var guarded = NewOriginHandler(options, origins);
        guarded.ConnectCallback = ConnectPubliclyAsync;
        _publicOrigins = new HttpMessageInvoker(guarded);
    }

    /// <summary>Sends to a peer; returns with the head of the answer.</summary>
    public Task<HttpResponseMessage> SendToPeerAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _peers.SendAsync(request, cancellationToken);

    /// <summary>Sends to an origin; returns with the head of the answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="publicOnly">
    /// True: only to a public address, checked when the connection is made; else <see cref="NotPublicException"/> inside of an
    /// <see cref="HttpRequestException"/>.
    /// </param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<HttpResponseMessage> SendToOriginAsync(HttpRequestMessage request, bool publicOnly, CancellationToken cancellationToken) =>
        (publicOnly ? _publicOrigins : _origins).SendAsync(request, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _peers.Dispose();
        _origins.Dispose();
        _publicOrigins.Dispose();
    }

    /// <summary>The part of a chunk that is wanted, or nothing for the whole.</summary>
    public static RangeHeaderValue? RangeOf(ChunkWanted wanted) =>
        wanted is { Offset: 0, End: null } ? null : new RangeHeaderValue(wanted.Offset, wanted.End - 1);

    private static SocketsHttpHandler NewOriginHandler(FetchOptions options, OriginOptions origins)
    {
        var handler = NewHandler(options, origins.MaxConnections);

        // The few words that come with a redirect must not cost the connection.
        handler.MaxResponseDrainSize = Leftover;
        return handler;
    }

    private static async ValueTask<Stream> ConnectPubliclyAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var place = context.DnsEndPoint;
        var addresses = Array.FindAll(await PublicAddress.OfAsync(place.Host, cancellationToken), PublicAddress.Is);
        if (addresses.Length == 0)
        {
            throw new NotPublicException(place.Host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, place.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SocketsHttpHandler NewHandler(FetchOptions options, int connections) => new()
    {
        // Strangers need not know which request of ours led to which.
        ActivityHeadersPropagator = null,
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
