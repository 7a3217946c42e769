using System.Net;
using System.Net.Sockets;
using EndToEnd.Tests.Programs;

namespace EndToEnd.Tests.Playing;

public sealed class OriginTests
{
    [Fact]
    public async Task With_no_tracker_and_no_peer_the_origin_gives_the_content()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["chunks"]);
        await File.WriteAllBytesAsync(Path.Combine(folder["chunks"], "film-00000.ts"), new byte[1000]);
        await using var origin = new Server(folder["chunks"]);
        await using var publish = Program.PeerAgent(
            "publish", folder["chunks"], "--name", "films/film", "--tracker", $"http://127.0.0.1:{UnusedPort()}", "--swarm", "s",
            "--origin", origin.Url, "--out", folder["film.xml"], "--PeerAgent:Store:Path=" + folder["publisher"]);
        Assert.True(await publish.ExitAsync() == 0, publish.Errors);
        await using var player = await Agent.RunAsync(folder["player"], "--PeerAgent:Tracker:Retries=0");
        var stream = await player.PostManifestAsync(folder["film.xml"]);

        Assert.Equal(new byte[1000], await Agent.Client.GetByteArrayAsync(new Uri(player.Proxy, stream + "/film-00000.ts")));
        Assert.Equal(1000, (await player.GetJsonAsync(stream)).GetProperty("traffic").GetProperty("fromOrigin").GetInt64());
    }

    private static int UnusedPort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>A plain HTTP server over a folder.</summary>
    private sealed class Server : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _serving;

        public Server(string folder)
        {
            Url = $"http://127.0.0.1:{UnusedPort()}/media/";
            _listener.Prefixes.Add(Url);
            _listener.Start();
            _serving = ServeAsync(folder);
        }

        public string Url { get; }

        public async ValueTask DisposeAsync()
        {
            _listener.Close();
            await _serving;
        }

        private async Task ServeAsync(string folder)
        {
            while (_listener.IsListening)
            {
                try
                {
                    var context = await _listener.GetContextAsync();
                    var file = Path.Combine(folder, Path.GetFileName(context.Request.Url!.AbsolutePath));
                    context.Response.StatusCode = File.Exists(file) ? 200 : 404;
                    await context.Response.OutputStream.WriteAsync(File.Exists(file) ? await File.ReadAllBytesAsync(file) : []);
                    context.Response.Close();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
