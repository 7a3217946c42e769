using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace TestSupport.Peers;

/// <summary>
/// A peer of the HTTP peer protocol that does what a test says: right answers by default, misbehaviour as script steps.
/// </summary>
public sealed class FakePeer : IAsyncDisposable
{
    private readonly ConcurrentQueue<FakeRequest> _received = new();
    private FakeServer? _server;

    private FakePeer(PeerId id) => Id = id;

    /// <summary>Its id.</summary>
    public PeerId Id { get; }

    /// <summary>Chunks and how they are answered for.</summary>
    public ChunkScript Script { get; } = new();

    /// <summary>What GET_CHUNKMAP says; null for 404.</summary>
    public IReadOnlyList<LevelMap>? Maps { get; set; } = [];

    /// <summary>Entity tag of the map, quotes included; null for none.</summary>
    public string? MapTag { get; set; }

    /// <summary>What GET_PEERLIST says.</summary>
    public IReadOnlyList<PeerInfo> Peers { get; set; } = [];

    /// <summary>Everything it was asked, in order.</summary>
    public IReadOnlyList<FakeRequest> Received => [.. _received];

    /// <summary>Where it listens.</summary>
    public PeerAddress Address => new(_server!.EndPoint.Address, _server.EndPoint.Port);

    /// <summary>How a tracker would list it.</summary>
    public PeerInfo Info => new() { PeerId = Id, PeerType = PeerType, Addresses = [Address], EndPointRankCost = Cost };

    /// <summary>What a tracker says of its kind.</summary>
    public string PeerType { get; set; } = PeerInfo.Leech;

    /// <summary>What a tracker says of its nearness.</summary>
    public int Cost { get; set; }

    /// <summary>Starts one.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="address">Loopback address; IPv4 when null.</param>
    public static async Task<FakePeer> StartAsync(string id, IPAddress? address = null)
    {
        if (!PeerId.TryParse(id, out var peerId))
        {
            throw new ArgumentException("Not a PeerID.", nameof(id));
        }

        var peer = new FakePeer(peerId);
        peer._server = await FakeServer.StartAsync(address ?? IPAddress.Loopback, peer.AnswerAsync);
        return peer;
    }

    /// <summary>How often it was asked with this kind of message.</summary>
    public int Count<T>()
        where T : PeerRequest => _received.Count(r => r.Message is T);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _server!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (!PeerCodec.ReadRequest(body.ToArray()).TryGet(out var request, out _))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var path = context.Request.Path.Value ?? "";
        _received.Enqueue(new FakeRequest(request, path, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString())));
        if (request is GetChunkRequest)
        {
            await Script.PlayAsync(context, path, request.TransactionId);
            return;
        }

        var response = new PeerResponse { Code = ResponseCode.Ok, TransactionId = request.TransactionId, SwarmId = request.SwarmId };
        if (request is GetChunkMapRequest)
        {
            context.Response.Headers.ETag = MapTag;
            if (MapTag is not null && context.Request.Headers.IfNoneMatch == MapTag)
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            response = Maps is null ? response with { Code = ResponseCode.ObjectNotFound } : response with { ChunkMaps = Maps };
        }
        else if (request is GetPeerListRequest)
        {
            response = response with { Peers = Peers };
        }

        context.Response.StatusCode = response.Code.HttpStatus();
        context.Response.ContentType = "text/xml";
        await context.Response.Body.WriteAsync(PeerCodec.WriteResponse(response), context.RequestAborted);
    }
}
