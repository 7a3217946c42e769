using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PeerAgent.Swarm.Upload;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Peering;
using Storm.Tests.Scenes;

namespace Storm.Tests.Takers;

/// <summary>A peer's request for a chunk at our peer port, from asking until the end. Only the run's thread uses it.</summary>
internal sealed class Taking : IHttpRequestLifetimeFeature, IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private readonly Rooms _rooms;
    private readonly TakenBody _body;

    private Taking(TakingPlan plan, Rooms rooms, TimeProvider time)
    {
        Plan = plan;
        _rooms = rooms;
        _body = new TakenBody(plan, time, Abort, _gone.Token);
        WasHeld = IsHeld;
        Status = StatusCodes.Status200OK;
        RequestAborted = _gone.Token;
    }

    public TakingPlan Plan { get; }

    /// <summary>Ends with the answer.</summary>
    public Task Done { get; private set; } = Task.CompletedTask;

    /// <summary>The answer's status.</summary>
    public int Status { get; private set; }

    /// <summary>The connection was broken, by whomever.</summary>
    public bool IsBroken => _gone.IsCancellationRequested;

    /// <summary>The chunk was promised when it was asked for.</summary>
    public bool WasHeld { get; }

    /// <summary>The chunk is promised now.</summary>
    public bool IsHeld => _rooms.PartOf(Plan.Film)?.Chunks.Contains(Plan.Chunk) == true;

    /// <summary>What was taken.</summary>
    public byte[] Taken => _body.Taken;

    /// <inheritdoc/>
    public CancellationToken RequestAborted { get; set; }

    /// <summary>Begins.</summary>
    public static Taking Begin(TakingPlan plan, Rooms rooms, PeerRequestHandler door, IServiceProvider services, TimeProvider time)
    {
        var taking = new Taking(plan, rooms, time);
        taking.Done = taking.RunAsync(door, services);
        return taking;
    }

    /// <inheritdoc/>
    public void Abort() => _gone.Cancel();

    /// <summary>Call once it is done.</summary>
    public void Dispose()
    {
        _body.Dispose();
        _gone.Dispose();
    }

    public override string ToString() => $"{Plan.PeerId} at {Plan.Address} takes {Plan.Chunk}: {Status}, {Taken.Length} bytes{(IsBroken ? ", broken" : "")}";

    private async Task RunAsync(PeerRequestHandler door, IServiceProvider services)
    {
        var context = new DefaultHttpContext { RequestServices = services };
        context.Features.Set<IHttpRequestLifetimeFeature>(this);
        context.Connection.RemoteIpAddress = Plan.Address;
        context.Request.Method = HttpMethods.Post;
        context.Request.Path = Uri.UnescapeDataString(Plan.Film.Layout.PeerPathOf(Plan.Chunk));
        context.Request.Body = new MemoryStream(Question());
        context.Request.Headers.Accept = Plan.IsRaw ? "application/octet-stream" : "text/xml";
        if (Plan.Range is { } range)
        {
            context.Request.Headers.Range = string.Create(CultureInfo.InvariantCulture, $"bytes={range.From}-{range.To}");
        }

        context.Response.Body = _body;
        await door.InvokeAsync(context);
        Status = context.Response.StatusCode;
    }

    private byte[] Question() => PeerCodec.WriteRequest(new GetChunkRequest
    {
        PeerId = Plan.PeerId,
        SwarmId = Plan.Film.SwarmId,
        TransactionId = TransactionId.TryParse("1", out var id) ? id : throw new InvalidOperationException("Not a TransactionID."),
    });
}
