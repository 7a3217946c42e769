using System.IO.Compression;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace TestSupport.Trackers;

/// <summary>What a <see cref="FakeTracker"/> does with one request.</summary>
public sealed class FakeStep
{
    private readonly Func<HttpContext, FakeTrackerRequest, CancellationToken, Task> _play;

    private FakeStep(Func<HttpContext, FakeTrackerRequest, CancellationToken, Task> play, bool holds = false)
    {
        _play = play;
        Holds = holds;
    }

    /// <summary>True for a step that keeps the client waiting.</summary>
    public bool Holds { get; }

    /// <summary>OK, with nothing.</summary>
    public static FakeStep Ok { get; } = Answer(ResponseCode.Ok);

    /// <summary>No answer at all, until the client goes away.</summary>
    public static FakeStep Silence { get; } = new((_, _, ct) => Task.Delay(Timeout.Infinite, ct), holds: true);

    /// <summary>The connection is closed without an answer.</summary>
    public static FakeStep Close { get; } = new((context, _, _) =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    /// <summary>The connection is reset.</summary>
    public static FakeStep Reset { get; } = new((context, _, _) =>
    {
        var socket = context.Features.Get<IConnectionSocketFeature>()!.Socket;
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
        return Task.CompletedTask;
    });

    /// <summary>200 with bytes that mean nothing.</summary>
    public static FakeStep RandomBytes { get; } = new(async (context, _, ct) =>
    {
        var bytes = new byte[512];
        new Random(1).NextBytes(bytes);
        await context.Response.Body.WriteAsync(bytes, ct);
    });

    /// <summary>OK, but to a request nobody sent.</summary>
    public static FakeStep WrongTransaction { get; } = new(async (context, _, ct) =>
    {
        TransactionId.TryParse("0-somebody-else", out var id);
        await WriteAsync(context, new TrackerResponse { Code = ResponseCode.Ok, TransactionId = id }, 200, ct);
    });

    /// <summary>The start of a body, and then nothing more.</summary>
    public static FakeStep SlowBody { get; } = new(
        async (context, _, ct) =>
        {
            await context.Response.WriteAsync("<?xml version=\"1.0\"?>", ct);
            await context.Response.Body.FlushAsync(ct);
            await Task.Delay(Timeout.Infinite, ct);
        },
        holds: true);

    /// <summary>The first half of an OK, and then the connection is closed.</summary>
    public static FakeStep Cut { get; } = new(async (context, request, ct) =>
    {
        var response = new TrackerResponse { Code = ResponseCode.Ok, TransactionId = request.Message?.TransactionId };
        var bytes = TrackerCodec.WriteResponse(response);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), ct);
        await context.Response.Body.FlushAsync(ct);
        context.Abort();
    });

    /// <summary>A code, with the status that belongs to it.</summary>
    public static FakeStep Answer(ResponseCode code, params PeerInfo[] peers) => Mismatch(code, code.HttpStatus(), peers);

    /// <summary>A code, with another status.</summary>
    public static FakeStep Mismatch(ResponseCode code, int status, params PeerInfo[] peers) => new((context, request, ct) =>
    {
        var isList = code == ResponseCode.Ok && request.Message is ListRequest or ChunkListRequest;
        var response = new TrackerResponse
        {
            Code = code, TransactionId = request.Message?.TransactionId, Peers = isList ? peers : null,
        };
        return WriteAsync(context, response, status, ct);
    });

    /// <summary>503, and when to come again.</summary>
    public static FakeStep Overloaded(TimeSpan retryAfter) => new((context, request, ct) =>
    {
        context.Response.Headers.RetryAfter = ((int)retryAfter.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var response = new TrackerResponse { Code = ResponseCode.TemporarilyOverloaded, TransactionId = request.Message?.TransactionId };
        return WriteAsync(context, response, 503, ct);
    });

    /// <summary>503, and until when it wants to be left alone.</summary>
    public static FakeStep OverloadedUntil(DateTimeOffset date) => new((context, request, ct) =>
    {
        context.Response.Headers.RetryAfter = date.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        var response = new TrackerResponse { Code = ResponseCode.TemporarilyOverloaded, TransactionId = request.Message?.TransactionId };
        return WriteAsync(context, response, 503, ct);
    });

    /// <summary>One byte a second, without an end.</summary>
    public static FakeStep Drip(TimeProvider time) => new(
        async (context, _, ct) =>
        {
            while (true)
            {
                await context.Response.Body.WriteAsync(" "u8.ToArray(), ct);
                await context.Response.Body.FlushAsync(ct);
                await Task.Delay(TimeSpan.FromSeconds(1), time, ct);
            }
        },
        holds: true);

    /// <summary>A redirect.</summary>
    public static FakeStep Redirect(Uri to) => new((context, _, _) =>
    {
        context.Response.StatusCode = 307;
        context.Response.Headers.Location = to.AbsoluteUri;
        return Task.CompletedTask;
    });

    /// <summary>A body of so many bytes without an announced length; with gzip it is small on the wire.</summary>
    public static FakeStep HugeBody(int bytes, bool gzip = false) => new(async (context, _, ct) =>
    {
        if (gzip)
        {
            context.Response.Headers.ContentEncoding = "gzip";
        }

        await using var to = gzip ? new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true) : context.Response.Body;
        var block = new byte[16 * 1024];
        Array.Fill(block, (byte)' ');
        for (var left = bytes; left > 0; left -= block.Length)
        {
            await to.WriteAsync(block.AsMemory(0, Math.Min(left, block.Length)), ct);
        }
    });

    /// <summary>OK, gzip.</summary>
    public static FakeStep Gzipped(params PeerInfo[] peers) => new(async (context, request, ct) =>
    {
        context.Response.Headers.ContentEncoding = "gzip";
        var response = new TrackerResponse { Code = ResponseCode.Ok, TransactionId = request.Message?.TransactionId, Peers = peers };
        await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await gzip.WriteAsync(TrackerCodec.WriteResponse(response), ct);
    });

    /// <summary>Exactly this.</summary>
    public static FakeStep Raw(int status, string contentType, byte[] body) => new(async (context, _, ct) =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        await context.Response.Body.WriteAsync(body, ct);
    });

    /// <summary>What was asked, letter for letter.</summary>
    public static FakeStep Echo(int status) => new(async (context, request, ct) =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = request.ContentType;
        await context.Response.Body.WriteAsync(request.Body, ct);
    });

    /// <summary>Another step, once a task is done.</summary>
    public static FakeStep After(Task task, FakeStep then) => new(
        async (context, request, ct) =>
        {
            await task.WaitAsync(ct);
            await then._play(context, request, ct);
        },
        holds: true);

    /// <summary>Another step, so much later.</summary>
    public static FakeStep Late(TimeSpan delay, TimeProvider time, FakeStep then) => new(
        async (context, request, ct) =>
        {
            await Task.Delay(delay, time, ct);
            await then._play(context, request, ct);
        },
        holds: true);

    internal Task PlayAsync(HttpContext context, FakeTrackerRequest request, CancellationToken ct) => _play(context, request, ct);

    private static async Task WriteAsync(HttpContext context, TrackerResponse response, int status, CancellationToken ct)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml; charset=utf-8";
        await context.Response.Body.WriteAsync(TrackerCodec.WriteResponse(response), ct);
    }
}
