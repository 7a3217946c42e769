using System.Diagnostics;
using System.Net;
using Ppsp.Protocol.Peering;

namespace SwarmEmulation.Agents;

/// <summary>An agent as a player sees it, and as another peer does.</summary>
internal sealed class Door : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _url;
    private readonly byte[] _buffer = new byte[256 * 1024];

    /// <summary>A player with one connection.</summary>
    /// <param name="url">The agent's proxy, or its peers' door.</param>
    /// <param name="player">The player's id.</param>
    public Door(Uri url, string player)
    {
        _url = url;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxResponseDrainSize = 0 })
        {
            Timeout = TimeSpan.FromSeconds(60),
        };
        _http.DefaultRequestHeaders.Add("X-Player-Id", player);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Posts a manifest.</summary>
    /// <exception cref="HttpRequestException">It was refused; the agent's words are in the message.</exception>
    public async Task PostAsync(byte[] manifest)
    {
        using var answer = await _http.PostAsync(new Uri(_url, "manifests"), new ByteArrayContent(manifest));
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException(await answer.Content.ReadAsStringAsync(), null, answer.StatusCode);
        }
    }

    /// <summary>A chunk of a stream; null when the agent could not get it.</summary>
    public async Task<ChunkTime?> GetAsync(string swarm, string name, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_url, $"streams/{swarm}/{name}"));
        return await TimeAsync(request, cancellationToken);
    }

    /// <summary>Has the agent get a chunk, and takes no more than its first byte. False when the agent could not get it.</summary>
    public async Task<bool> TouchAsync(string swarm, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_url, $"streams/{swarm}/{name}"));
        request.Headers.Range = new(0, 0);
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode == HttpStatusCode.PartialContent;
    }

    /// <summary>A chunk as one peer gets it from another.</summary>
    public async Task<ChunkTime?> GetAsPeerAsync(string swarm, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_url, name));
        request.Content = new ByteArrayContent(PeerCodec.WriteRequest(new GetChunkRequest
        {
            PeerId = Parsed.Peer("somebody"),
            SwarmId = Parsed.Swarm(swarm),
            TransactionId = Parsed.Transaction("123456789"),
        }));
        request.Content.Headers.ContentType = new("text/xml");
        request.Headers.TryAddWithoutValidation("Accept", "application/octet-stream, text/xml;q=0.5");
        return await TimeAsync(request, CancellationToken.None);
    }

    /// <summary>What the agent tells of a stream.</summary>
    public async Task<StreamState> DescribeAsync(string swarm) =>
        StreamState.Read(await _http.GetStringAsync(new Uri(_url, $"streams/{swarm}")));

    /// <summary>Waits until a peer is known that has so many chunks.</summary>
    public async Task WarmAsync(string swarm, int chunks)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var i = 0; (await DescribeAsync(swarm)).MostAtPeer < chunks; i++)
        {
            await timer.WaitForNextTickAsync();
            if (i == 1500)
            {
                throw new TimeoutException($"The agent found nobody with {chunks} chunks of {swarm}.");
            }
        }
    }

    private async Task<ChunkTime?> TimeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            return null;
        }

        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            long bytes = await body.ReadAsync(_buffer, cancellationToken);
            var first = Stopwatch.GetElapsedTime(started);
            for (int read; (read = await body.ReadAsync(_buffer, cancellationToken)) > 0;)
            {
                bytes += read;
            }

            return new ChunkTime(first, Stopwatch.GetElapsedTime(started), bytes);
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
