using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using PeerAgent.Swarm.Tests.Scene;
using Ppsp.Protocol.Peering;

namespace PeerAgent.Swarm.Tests.Upload;

/// <summary>A peer that takes chunks, at an address of its own, and counts what came.</summary>
internal sealed class Taker : IDisposable
{
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _end = new();
    private long _bytes;

    /// <summary>One that asks an agent from an address of this machine, <c>127.0.0.2</c> and so on.</summary>
    public Taker(Uri url, string address = "127.0.0.1")
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        _http = new HttpClient(handler) { BaseAddress = url, Timeout = Eventually.Deadline };
    }

    /// <summary>Bytes of chunks that came.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Asks for a chunk; comes back with the head of the answer.</summary>
    public async Task<HttpResponseMessage> AskAsync(int number, string peerId = "foreign", string? priority = null)
    {
        var message = PeerClient.ChunkRequest with { PeerId = Named.Peer(peerId) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/" + Content.NameOf(number))
        {
            Content = new ByteArrayContent(PeerCodec.WriteRequest(message)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml");
        request.Headers.TryAddWithoutValidation("Accept", "application/octet-stream, text/xml;q=0.5");
        if (priority is not null)
        {
            request.Headers.TryAddWithoutValidation("Priority", priority);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _end.Token);
    }

    /// <summary>Asks, and says how the answer begins.</summary>
    public async Task<HttpStatusCode> StatusAsync(int number, string peerId = "foreign")
    {
        using var response = await AskAsync(number, peerId);
        await response.Content.CopyToAsync(Stream.Null);
        return response.StatusCode;
    }

    /// <summary>Takes a chunk to its end, or to ours. False when it broke off.</summary>
    public async Task<bool> TakeAsync(int number, string peerId = "foreign", string? priority = null)
    {
        try
        {
            using var response = await AskAsync(number, peerId, priority);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await using var body = await response.Content.ReadAsStreamAsync(_end.Token);
            var piece = new byte[16 * 1024];
            while (await body.ReadAsync(piece, _end.Token) is > 0 and var read)
            {
                Interlocked.Add(ref _bytes, read);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (!_end.IsCancellationRequested)
        {
            _end.Cancel();
            _http.Dispose();
        }
    }
}
