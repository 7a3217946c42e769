using System.Net;
using System.Net.Sockets;

namespace TestSupport.Links;

/// <summary>
/// A line with a rate, a delay and losses between those who connect to it and one server: a TCP proxy on loopback. Driven
/// by its clock; what is on its way is bounded.
/// </summary>
public sealed class Link : IAsyncDisposable
{
    /// <summary>Small, as what waits in the system's buffers has not crossed the line yet.</summary>
    private const int SocketBufferBytes = 64 * 1024;

    private readonly Socket _listener;
    private readonly LinkLane _inward;
    private readonly LinkLane _outward;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<Task, CancellationTokenSource> _connections = [];
    private readonly Task _accepting;
    private TaskCompletionSource? _broken;
    private volatile LinkShape _shape;

    private Link(Socket listener, LinkShape shape, TimeProvider time, Random random)
    {
        _listener = listener;
        _shape = shape;
        _inward = new LinkLane(time, random);
        _outward = new LinkLane(time, random);
        _accepting = AcceptAsync();
    }

    /// <summary>Where to connect to.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>The server behind it; until it is set, connections are closed at once.</summary>
    public IPEndPoint? Target { get; set; }

    /// <summary>What it does to bytes; a change holds for the next ones.</summary>
    public LinkShape Shape
    {
        get => _shape;
        set => _shape = value;
    }

    /// <summary>Bytes on their way to the server or there, heads of requests included.</summary>
    public long BytesToServer => _inward.Bytes;

    /// <summary>Bytes that the server sent.</summary>
    public long BytesFromServer => _outward.Bytes;

    /// <summary>Connections at the moment.</summary>
    public int Connections
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Opens one on a free port.</summary>
    /// <param name="shape">What it does to bytes.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="random">Decides on losses; not shared with others.</param>
    /// <param name="listen">Where it listens; a free port of 127.0.0.1 when null.</param>
    public static Link Open(LinkShape shape, TimeProvider time, Random random, IPEndPoint? listen = null)
    {
        var listener = NewSocket();
        listener.ReceiveBufferSize = SocketBufferBytes;
        listener.Bind(listen ?? new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        return new Link(listener, shape, time, random);
    }

    /// <summary>Nothing crosses any more; connections stay and know nothing of it.</summary>
    public void Break()
    {
        lock (_gate)
        {
            _broken ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Bytes cross again.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            _broken?.TrySetResult();
            _broken = null;
        }
    }

    /// <summary>Cuts every connection with a reset.</summary>
    public async Task ResetAsync()
    {
        List<KeyValuePair<Task, CancellationTokenSource>> all;
        lock (_gate)
        {
            all = [.. _connections];
        }

        foreach (var (_, cut) in all)
        {
            await cut.CancelAsync();
        }

        await Task.WhenAll(all.Select(c => c.Key));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        await ResetAsync();
        _listener.Dispose();
        _end.Dispose();
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Keep(await _listener.AcceptAsync(_end.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // The link is closed.
        }
    }

    private void Keep(Socket client)
    {
        var cut = new CancellationTokenSource();
        lock (_gate)
        {
            var connection = Task.Run(() => ConnectAsync(client, cut.Token));
            _connections[connection] = cut;
            _ = connection.ContinueWith(Forget, TaskScheduler.Default);
        }
    }

    private void Forget(Task connection)
    {
        lock (_gate)
        {
            _connections.Remove(connection);
        }
    }

    private async Task ConnectAsync(Socket client, CancellationToken cancellationToken)
    {
        using var near = client;
        using var far = NewSocket();
        far.ReceiveBufferSize = SocketBufferBytes;
        near.NoDelay = true;
        try
        {
            if (Target is not { } target)
            {
                return;
            }

            // The handshake crosses the line, too: once there and back before the first byte.
            await _inward.WaitAsync(_inward.Now + (Shape.Delay * 2), cancellationToken);
            await far.ConnectAsync(target, cancellationToken);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var ways = new[]
            {
                new LinkPipe(_inward, () => Shape, WholeAsync).RunAsync(near, far, either.Token),
                new LinkPipe(_outward, () => Shape, WholeAsync).RunAsync(far, near, either.Token),
            };
            if ((await Task.WhenAny(ways)).IsFaulted)
            {
                await either.CancelAsync();
            }

            await Task.WhenAll(ways);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // One side has gone, or the link was cut: the other side learns it by a reset.
            near.LingerState = new LingerOption(true, 0);
            far.LingerState = new LingerOption(true, 0);
        }
    }

    private Task WholeAsync()
    {
        lock (_gate)
        {
            return _broken?.Task ?? Task.CompletedTask;
        }
    }
}
