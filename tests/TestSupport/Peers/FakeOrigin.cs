using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace TestSupport.Peers;

/// <summary>A plain web server that holds chunks under their names, and does what a test says.</summary>
public sealed class FakeOrigin : IAsyncDisposable
{
    private readonly ConcurrentQueue<FakeRequest> _received = new();
    private FakeServer? _server;

    private FakeOrigin()
    {
    }

    /// <summary>Chunks and how they are answered for.</summary>
    public ChunkScript Script { get; } = new();

    /// <summary>Base URL; ends in a slash.</summary>
    public Uri Url => new($"http://{_server!.EndPoint}/content/");

    /// <summary>Everything it was asked, in order.</summary>
    public IReadOnlyList<FakeRequest> Received => [.. _received];

    /// <summary>Starts one.</summary>
    public static async Task<FakeOrigin> StartAsync()
    {
        var origin = new FakeOrigin();
        origin._server = await FakeServer.StartAsync(IPAddress.Loopback, origin.AnswerAsync);
        return origin;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _server!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        _received.Enqueue(new FakeRequest(null, path, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString())));
        await Script.PlayAsync(context, path, null);
    }
}
