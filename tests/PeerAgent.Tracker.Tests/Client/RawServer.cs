using System.Net;
using System.Net.Sockets;

namespace PeerAgent.Tracker.Tests.Client;

/// <summary>A port on loopback that answers whatever it hears with bytes that are neither HTTP nor TLS, and closes.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _loop;
    private int _connections;

    public RawServer()
    {
        _listener.Start();
        _loop = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _loop;
        _listener.Dispose();
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_closing.Token);
                Interlocked.Increment(ref _connections);
                var stream = client.GetStream();
                await stream.ReadAtLeastAsync(new byte[1024], 1, throwOnEndOfStream: false, _closing.Token);
                await stream.WriteAsync("no TLS here"u8.ToArray(), _closing.Token);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The test is over.
        }
    }
}
