using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace PeerAgent.Swarm.Tests.Scene;

/// <summary>Asks an agent's listener as a foreign peer would, byte by byte.</summary>
internal sealed class PeerClient(Uri url) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = url };

    public static GetChunkMapRequest MapRequest => new()
    {
        PeerId = Named.Peer("foreign"),
        SwarmId = Named.Swarm("swarm/1"),
        TransactionId = Named.Transaction("007"),
    };

    public static GetChunkRequest ChunkRequest => new()
    {
        PeerId = Named.Peer("foreign"),
        SwarmId = Named.Swarm("swarm/1"),
        TransactionId = Named.Transaction("12345"),
    };

    public Task<HttpResponseMessage> AskAsync(PeerRequest request, string path = "/", params string[] headers) =>
        PostAsync(PeerCodec.WriteRequest(request), path, headers);

    public Task<HttpResponseMessage> AskRawAsync(string path, params string[] headers) =>
        AskAsync(ChunkRequest, path, ["Accept: application/octet-stream, text/xml;q=0.5", .. headers]);

    public Task<HttpResponseMessage> PostAsync(string body, string path = "/") => PostAsync(Encoding.UTF8.GetBytes(body), path, []);

    public async Task<HttpResponseMessage> PostAsync(byte[] body, string path, string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml");
        foreach (var header in headers.Select(h => h.Split(": ", 2)))
        {
            request.Headers.TryAddWithoutValidation(header[0], header[1]);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, default);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path) =>
        _http.SendAsync(new HttpRequestMessage(method, path));

    public static async Task<PeerResponse> ReadAsync(HttpResponseMessage response)
    {
        Assert.StartsWith("text/xml", response.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        var read = PeerCodec.ReadResponse(await response.Content.ReadAsByteArrayAsync());
        Assert.True(read.TryGet(out var envelope, out var refusal), refusal?.Reason);
        return envelope;
    }

    public static async Task AssertRefusedAsync(HttpResponseMessage response, HttpStatusCode status, ResponseCode code, string? transaction)
    {
        Assert.Equal(status, response.StatusCode);
        var envelope = await ReadAsync(response);
        Assert.Equal(code, envelope.Code);
        Assert.Equal(transaction, envelope.TransactionId?.Value);
    }

    public void Dispose() => _http.Dispose();
}
