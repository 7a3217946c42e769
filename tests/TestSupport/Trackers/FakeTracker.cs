using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace TestSupport.Trackers;

/// <summary>
/// A tracker on loopback that does what a test tells it to: step by step (<see cref="Next"/>), by rule (<see cref="When"/>), or
/// always the same (<see cref="Always"/>). Without a script it behaves: it knows who has connected and which swarms exist.
/// It records every request in order.
/// </summary>
public sealed class FakeTracker : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _closing = new();
    private readonly List<FakeTrackerRequest> _requests = [];
    private readonly Queue<FakeStep> _script = new();
    private readonly HashSet<PeerId> _connected = [];
    private readonly HashSet<SwarmId> _swarms = [];
    private Func<TrackerRequest, FakeStep?> _rule = _ => null;
    private Func<TrackerRequest, Task?> _until = _ => null;
    private readonly HashSet<string> _heldAttempts = [];
    private int _held;

    private FakeTracker(WebApplication app) => _app = app;

    /// <summary>Where it answers.</summary>
    public Uri Url => new(_app.Urls.Single());

    /// <summary>What FIND_PEER is answered with.</summary>
    public IReadOnlyList<PeerInfo> Peers { get; set; } = [];

    /// <summary>What FIND_CHUNK is answered with; nobody = 404.</summary>
    public IReadOnlyList<PeerInfo> Holders { get; set; } = [];

    /// <summary>How many requests are kept waiting on purpose.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Header by which a client under test tells its attempts apart, for <see cref="Holds"/>.</summary>
    public const string AttemptHeader = "X-Test-Attempt";

    /// <summary>True while an attempt with this mark is kept waiting on purpose.</summary>
    public bool Holds(string attempt)
    {
        lock (_gate)
        {
            return _heldAttempts.Contains(attempt);
        }
    }

    /// <summary>All requests so far, in order.</summary>
    public IReadOnlyList<FakeTrackerRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>The verbs of all requests so far, in order.</summary>
    public IReadOnlyList<string> Verbs => [.. Requests.Select(r => r.Verb)];

    /// <summary>The messages of one kind so far, in order.</summary>
    public IReadOnlyList<T> Messages<T>()
        where T : TrackerRequest => [.. Requests.Select(r => r.Message).OfType<T>()];

    /// <summary>Starts one.</summary>
    /// <param name="port">0 = any free port.</param>
    public static async Task<FakeTracker> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, port);
            k.Limits.MinResponseDataRate = null;
        });
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        var tracker = new FakeTracker(app);
        app.Run(tracker.HandleAsync);
        await app.StartAsync();
        return tracker;
    }

    /// <summary>Steps for the next requests, one each; what comes after them goes by the other rules.</summary>
    public void Next(params FakeStep[] steps)
    {
        lock (_gate)
        {
            foreach (var step in steps)
            {
                _script.Enqueue(step);
            }
        }
    }

    /// <summary>One step for every request that has no other; null = good behaviour again.</summary>
    public void Always(FakeStep? step) => When(_ => step);

    /// <summary>A step for some requests; null = good behaviour.</summary>
    public void When(Func<TrackerRequest, FakeStep?> rule)
    {
        lock (_gate)
        {
            _rule = rule;
        }
    }

    /// <summary>Requests for which a task is given are worked off as usual and answered once it is done; null = at once.</summary>
    public void Hold(Func<TrackerRequest, Task?> until)
    {
        lock (_gate)
        {
            _until = until;
        }
    }

    /// <summary>Everybody and every swarm is forgotten.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _connected.Clear();
            _swarms.Clear();
        }
    }

    /// <summary>Nobody has sent anything.</summary>
    public void ClearRequests()
    {
        lock (_gate)
        {
            _requests.Clear();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _closing.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = new FakeTrackerRequest(
            TrackerCodec.ReadRequest(body.ToArray()).Value,
            context.Request.Method,
            context.Request.GetEncodedPathAndQuery(),
            context.Request.ContentType,
            context.Request.Headers.AcceptEncoding,
            body.ToArray());
        var attempt = context.Request.Headers[AttemptHeader].ToString();
        var step = Record(request, attempt);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _closing.Token);
        try
        {
            await step.PlayAsync(context, request, end.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
        finally
        {
            lock (_gate)
            {
                _heldAttempts.Remove(attempt);
                _held -= step.Holds ? 1 : 0;
            }
        }
    }

    private FakeStep Record(FakeTrackerRequest request, string attempt)
    {
        lock (_gate)
        {
            _requests.Add(request);
            var step = _script.TryDequeue(out var scripted) ? scripted
                : request.Message is { } message ? _rule(message) ?? Behave(message)
                : FakeStep.Answer(ResponseCode.InvalidSyntax);
            if (request.Message is { } held && _until(held) is { } task)
            {
                step = FakeStep.After(task, step);
            }

            if (step.Holds)
            {
                _held++;
                _heldAttempts.Add(attempt);
            }

            return step;
        }
    }

    private FakeStep Behave(TrackerRequest message)
    {
        if (message is RegisterRequest)
        {
            _connected.Add(message.PeerId);
            return FakeStep.Ok;
        }

        if (!_connected.Contains(message.PeerId))
        {
            return FakeStep.Answer(ResponseCode.MessageForbidden);
        }

        switch (message)
        {
            case QuitRequest:
                _connected.Remove(message.PeerId);
                return FakeStep.Ok;
            case JoinRequest join:
                _swarms.Add(join.SwarmId);
                return FakeStep.Ok;
            case ListRequest list:
                return _swarms.Contains(list.SwarmId)
                    ? FakeStep.Answer(ResponseCode.Ok, [.. Peers])
                    : FakeStep.Answer(ResponseCode.ObjectNotFound);
            case ChunkListRequest:
                return Holders.Count > 0
                    ? FakeStep.Answer(ResponseCode.Ok, [.. Holders])
                    : FakeStep.Answer(ResponseCode.ObjectNotFound);
            default:
                return FakeStep.Ok;
        }
    }
}
