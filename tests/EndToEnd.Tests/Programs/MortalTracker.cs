using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ppsp.Protocol.DialectA;

namespace EndToEnd.Tests.Programs;

/// <summary>
/// A reference tracker that is killed and comes back, always at the same port. In front of it stands a door that writes down
/// each message and its answer, and that closes with the tracker: who connects meanwhile is refused.
/// </summary>
internal sealed class MortalTracker : IAsyncDisposable
{
    private static readonly HttpClient Forwarding = new();

    private readonly Lock _gate = new();
    private readonly List<Heard> _heard = [];

    // Keeps the port ours while nobody listens there.
    private readonly Socket _port;
    private Tracker? _tracker;
    private WebApplication? _door;

    private MortalTracker()
    {
        _port = Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Url = new Uri($"http://{_port.LocalEndPoint}/");
    }

    public Uri Url { get; }

    /// <summary>All that was heard so far, in order of arrival.</summary>
    public IReadOnlyList<Heard> Heard
    {
        get
        {
            lock (_gate)
            {
                return [.. _heard];
            }
        }
    }

    public static async Task<MortalTracker> StartAsync()
    {
        var tracker = new MortalTracker();
        await tracker.ReviveAsync();
        return tracker;
    }

    /// <summary>What one peer said, deaths included.</summary>
    public IReadOnlyList<Heard> From(string peer) => [.. Heard.Where(h => h.PeerId == peer || h.Method == Programs.Heard.Death)];

    /// <summary>True when the peer is registered now, as far as the answers it got say.</summary>
    public bool Knows(string peer) =>
        From(peer).LastOrDefault(h => h is { Method: Programs.Heard.Death } or { Method: "CONNECT" or "DISCONNECT", IsOk: true })?.Method == "CONNECT";

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        await _tracker!.Program.KillAsync();
        await CloseAsync();
        lock (_gate)
        {
            _heard.Add(new Heard(Programs.Heard.Death, "", null, "", null));
        }
    }

    /// <summary>Starts it again, with an empty memory.</summary>
    public async Task ReviveAsync()
    {
        _tracker = await Tracker.StartAsync();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen((IPEndPoint)_port.LocalEndPoint!));
        builder.Services.Configure<SocketTransportOptions>(o => o.CreateBoundListenSocket = Bind);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.Zero);
        _door = builder.Build();
        _door.Run(ForwardAsync);
        await _door.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_tracker is not null)
        {
            await _tracker.DisposeAsync();
        }

        await CloseAsync();
        _port.Dispose();
    }

    private static Socket Bind(EndPoint endPoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(endPoint);
        return socket;
    }

    private async Task CloseAsync()
    {
        if (_door is { } door)
        {
            _door = null;
            await door.StopAsync(new CancellationToken(canceled: true));
            await door.DisposeAsync();
        }
    }

    private async Task ForwardAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var at = Note(body.ToArray());
        try
        {
            using var question = new ByteArrayContent(body.ToArray());
            question.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
            using var answer = await Forwarding.PostAsync(_tracker!.Url, question, context.RequestAborted);
            var content = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
            NoteAnswer(at, content);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            context.Abort();
        }
    }

    private int Note(byte[] body)
    {
        Assert.True(TrackerCodec.ReadRequest(body).TryGet(out var message, out var refusal), refusal?.Reason);
        lock (_gate)
        {
            _heard.Add(Programs.Heard.Of(message));
            return _heard.Count - 1;
        }
    }

    private void NoteAnswer(int at, byte[] body)
    {
        Assert.True(TrackerCodec.ReadResponse(body).TryGet(out var message, out var refusal), refusal?.Reason);
        lock (_gate)
        {
            _heard[at] = _heard[at] with { Code = message.Code };
        }
    }
}
