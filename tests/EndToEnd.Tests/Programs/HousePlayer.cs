namespace EndToEnd.Tests.Programs;

/// <summary>One of several players in a house: it says who it is by a header, in the query, or not at all.</summary>
/// <param name="agent">The agent it talks to.</param>
/// <param name="header">Its <c>X-Player-Id</c>, or null.</param>
/// <param name="query">Its <c>player</c> in the query, or null.</param>
/// <param name="userAgent">What it calls itself, or null.</param>
internal sealed class HousePlayer(Agent agent, string? header = null, string? query = null, string? userAgent = null)
{
    /// <summary>Brings a manifest; where the stream is found.</summary>
    public async Task<string> PostAsync(string file)
    {
        using var answer = await SendAsync(HttpMethod.Post, "/manifests", new ByteArrayContent(await File.ReadAllBytesAsync(file)));
        return answer.Headers.Location!.ToString();
    }

    /// <summary>Plays a chunk.</summary>
    public async Task<byte[]> GetAsync(string stream, int index)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"{stream}/{SmallFilm.NameOf(index)}", content: null);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Leaves a stream.</summary>
    public async Task LeaveAsync(string stream) => (await SendAsync(HttpMethod.Delete, stream, content: null)).Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        var url = query is null ? path : $"{path}?player={query}";
        using var request = new HttpRequestMessage(method, new Uri(agent.Proxy, url)) { Content = content };
        if (header is not null)
        {
            request.Headers.Add("X-Player-Id", header);
        }

        if (userAgent is not null)
        {
            request.Headers.UserAgent.ParseAdd(userAgent);
        }

        var answer = await Agent.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {url}: {await answer.Content.ReadAsStringAsync()}");
        return answer;
    }
}
