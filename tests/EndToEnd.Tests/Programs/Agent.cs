using System.Text.Json;

namespace EndToEnd.Tests.Programs;

/// <summary>A peer agent as a process, with a state folder of its own.</summary>
internal sealed class Agent : IAsyncDisposable
{
    public static readonly HttpClient Client = new() { Timeout = TimeSpan.FromMinutes(1) };

    private Agent(Program program, Uri proxy)
    {
        Program = program;
        Proxy = proxy;
    }

    public Program Program { get; }

    /// <summary>Where players connect.</summary>
    public Uri Proxy { get; }

    public static Task<Agent> RunAsync(string stateFolder, params IEnumerable<string> settings) =>
        RunAsync(stateFolder, new Dictionary<string, string>(), settings);

    public static Task<Agent> RunAsync(string stateFolder, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> settings) =>
        StartAsync(["run", .. settings], stateFolder, environment);

    public static Task<Agent> PublishAsync(string stateFolder, params IEnumerable<string> args) =>
        StartAsync(["publish", .. args, "--seed"], stateFolder, new Dictionary<string, string>());

    /// <summary>Brings a manifest, as a player does; where the stream is found.</summary>
    public async Task<string> PostManifestAsync(string file, string? player = null)
    {
        using var request = Request(HttpMethod.Post, "/manifests", player);
        request.Content = new ByteArrayContent(await File.ReadAllBytesAsync(file));
        using var answer = await Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text + Program.Errors);
        return answer.Headers.Location!.ToString();
    }

    public async Task<JsonElement> GetJsonAsync(string path)
    {
        using var answer = await Client.GetAsync(new Uri(Proxy, path));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    /// <summary>A player says that it leaves a stream.</summary>
    public async Task LeaveAsync(string stream, string player)
    {
        using var request = Request(HttpMethod.Delete, stream, player);
        using var answer = await Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync() => await Program.DisposeAsync();

    private HttpRequestMessage Request(HttpMethod method, string path, string? player)
    {
        var request = new HttpRequestMessage(method, new Uri(Proxy, path));
        if (player is not null)
        {
            request.Headers.Add("X-Player-Id", player);
        }

        return request;
    }

    private static async Task<Agent> StartAsync(IEnumerable<string> command, string stateFolder, IReadOnlyDictionary<string, string> environment)
    {
        var program = Program.PeerAgent(
            environment,
            [
                .. command,
                "--PeerAgent:Proxy:Listen=http://127.0.0.1:0",
                "--PeerAgent:Peer:Listen=http://127.0.0.1:0",
                "--PeerAgent:Store:Path=" + stateFolder,
            ]);
        return new Agent(program, new Uri(await program.SaysAsync(@"Players connect to (http://127\.0\.0\.1:\d+/)")));
    }
}
