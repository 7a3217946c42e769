using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using ReferenceTracker.Hosting;

namespace ReferenceTracker.Tests;

/// <summary>A real tracker on a free port, a real client, a clock that stands still.</summary>
public sealed class RunningTracker : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;
    private int _transaction;

    private RunningTracker(WebApplication app, ManualTime time)
    {
        _app = app;
        Time = time;
        Url = new Uri(app.Urls.First());
        _client = new HttpClient { BaseAddress = Url, Timeout = Eventually.Deadline };
    }

    public ManualTime Time { get; }

    public Uri Url { get; }

    public HttpClient Client => _client;

    public IServiceProvider Services => _app.Services;

    public static async Task<RunningTracker> StartAsync(Action<WebApplicationBuilder>? customise = null, params string[] settings)
    {
        var time = new ManualTime();
        var app = TrackerHost.Create(
            ["--ReferenceTracker:Listen=http://127.0.0.1:0", .. settings.Select(s => "--ReferenceTracker:" + s)],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton<TimeProvider>(time);
                builder.Services.AddSingleton(new Random(1));
                customise?.Invoke(builder);
            });
        await app.StartAsync();
        return new RunningTracker(app, time);
    }

    public static Task<RunningTracker> StartAsync(params string[] settings) => StartAsync(null, settings);

    public static PeerId Peer(string text) => PeerId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    public static SwarmId Swarm(string text) => SwarmId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    public TransactionId NextTransaction() => Transaction($"{++_transaction}");

    public static TransactionId Transaction(string text) => TransactionId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    /// <summary>Sends a message and reads the answer; both the status and the transaction must fit.</summary>
    public async Task<TrackerResponse> SendAsync(TrackerRequest request)
    {
        using var answer = await PostAsync(TrackerCodec.WriteRequest(request));
        var response = await ReadAsync(answer);
        Assert.Equal(response.Code.HttpStatus(), (int)answer.StatusCode);
        Assert.Equal(request.TransactionId, response.TransactionId);
        return response;
    }

    public async Task<ResponseCode> CodeAsync(TrackerRequest request) => (await SendAsync(request)).Code;

    public async Task<HttpResponseMessage> PostAsync(
        byte[] body, string path = "/", string mediaType = "application/xml", Action<HttpRequestMessage>? change = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        change?.Invoke(message);
        return await _client.SendAsync(message);
    }

    public Task<HttpResponseMessage> PostAsync(string body) => PostAsync(Encoding.UTF8.GetBytes(body));

    public static async Task<TrackerResponse> ReadAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/xml; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var decoded = TrackerCodec.ReadResponse(await answer.Content.ReadAsByteArrayAsync());
        Assert.True(decoded.TryGet(out var response, out var refusal), refusal?.Reason);
        return response;
    }

    public RegisterRequest Connect(string peer, params string[] addresses) => new()
    {
        PeerId = Peer(peer),
        TransactionId = NextTransaction(),
        Addresses = [.. addresses.Select(IPEndPoint.Parse).Select(e => new PeerAddress(e.Address, e.Port))],
    };

    public QuitRequest Disconnect(string peer) => new() { PeerId = Peer(peer), TransactionId = NextTransaction() };

    public JoinRequest Join(string peer, string swarm, int expireSeconds = 0) => new()
    {
        PeerId = Peer(peer),
        TransactionId = NextTransaction(),
        SwarmId = Swarm(swarm),
        Expiry = expireSeconds == 0 ? Expiry.Never : new Expiry(TimeSpan.FromSeconds(expireSeconds), null),
    };

    public LeaveRequest Leave(string peer, string swarm) =>
        new() { PeerId = Peer(peer), TransactionId = NextTransaction(), SwarmId = Swarm(swarm) };

    public ListRequest FindPeer(string peer, string swarm, string? clip = null, string? type = null) =>
        new() { PeerId = Peer(peer), TransactionId = NextTransaction(), SwarmId = Swarm(swarm), ClipName = clip, ClipType = type };

    public ChunkListRequest FindChunk(string peer, string swarm, long index, int level = 0, string? clip = "film", string? type = "video") => new()
    {
        PeerId = Peer(peer),
        TransactionId = NextTransaction(),
        SwarmId = Swarm(swarm),
        ClipName = clip,
        ClipType = type,
        Index = index,
        Level = level,
    };

    public ReportRequest Report(string peer, params ChunkMapReport[] maps) =>
        new() { PeerId = Peer(peer), TransactionId = NextTransaction(), ChunkMaps = maps };

    public HeartbeatRequest KeepAlive(string peer) => new() { PeerId = Peer(peer), TransactionId = NextTransaction() };

    /// <summary>Registers a peer at 10.0.0.1:port and lets it join.</summary>
    public async Task EnterAsync(string peer, string swarm, int port = 7000)
    {
        Assert.Equal(ResponseCode.Ok, await CodeAsync(Connect(peer, $"10.0.0.1:{port}")));
        Assert.Equal(ResponseCode.Ok, await CodeAsync(Join(peer, swarm)));
    }

    public async Task<List<string>> ListAsync(TrackerRequest request)
    {
        var response = await SendAsync(request);
        Assert.Equal(ResponseCode.Ok, response.Code);
        return [.. response.Peers!.Select(p => p.PeerId.Value)];
    }

    /// <summary>A connection on which a test may send what no client would.</summary>
    public async Task<Socket> DialAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Url.Port);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
