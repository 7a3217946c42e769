using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Ids;
using TestSupport.Trackers;
using WireMock.Tests.Server;

[assembly: AssemblyFixture(typeof(FakedTrackers))]

namespace WireMock.Tests.Server;

/// <summary>
/// All the trackers of tests/wiremock in one WireMock server: each case is a path. What the trackers received is told apart
/// by PeerID, so that tests can run side by side. Only the states of scenarios are shared.
/// </summary>
public sealed class FakedTrackers : IAsyncLifetime
{
    private readonly HttpClient _admin = new();
    private WireMockProcess? _process;

    /// <summary>The project's folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The URL of the tracker of a case.</summary>
    /// <param name="path">For example <c>happy</c> or <c>message-forbidden/join</c>.</param>
    public Uri Url(string path) => new(_process!.Url, path);

    public async ValueTask InitializeAsync() => _process = await WireMockProcess.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    /// <summary>What a peer sent, in order, as WireMock has written it down.</summary>
    public Task<IReadOnlyList<FakeTrackerRequest>> SentByAsync(PeerId peer) => FindAsync(new JsonObject
    {
        ["bodyPatterns"] = new JsonArray(new JsonObject { ["contains"] = $"<PeerID>{peer.Value}</PeerID>" }),
    });

    /// <summary>What anybody sent to the tracker of a case, in order.</summary>
    public Task<IReadOnlyList<FakeTrackerRequest>> SentToAsync(string path) => FindAsync(new JsonObject { ["urlPath"] = "/" + path });

    /// <summary>A scenario begins again.</summary>
    public async Task RestartAsync(string scenario) => await AskAsync(HttpMethod.Put, $"scenarios/{scenario}/state", null);

    /// <summary>From now on a path answers otherwise, whatever the files say; undone when disposed.</summary>
    /// <param name="path">For example <c>happy</c>.</param>
    /// <param name="response">A response as in a stub mapping.</param>
    public async Task<Change> ChangeAsync(string path, JsonObject response)
    {
        var stub = new JsonObject
        {
            ["name"] = "for the time being",
            ["priority"] = 1,
            ["request"] = new JsonObject { ["method"] = "POST", ["urlPath"] = "/" + path },
            ["response"] = response,
        };
        var made = await AskAsync(HttpMethod.Post, "mappings", stub);
        return new Change(this, made!["id"]!.GetValue<string>());
    }

    /// <summary>All stub mappings, as WireMock has understood them.</summary>
    public async Task<JsonArray> MappingsAsync() => (await AskAsync(HttpMethod.Get, "mappings", null))!["mappings"]!.AsArray();

    /// <summary>Asks the server's own interface.</summary>
    private async Task<JsonNode?> AskAsync(HttpMethod method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(_process!.Url, "__admin/" + path));
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await _admin.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} /__admin/{path} was answered {response.StatusCode}: {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    private async Task<IReadOnlyList<FakeTrackerRequest>> FindAsync(JsonObject which)
    {
        var answer = await AskAsync(HttpMethod.Post, "requests/find", which);
        return [.. answer!["requests"]!.AsArray().Select(r => Read(r!))];
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ppsp.Peer.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run below the project's folder.");
    }

    private static FakeTrackerRequest Read(JsonNode request)
    {
        var body = Convert.FromBase64String(request["bodyAsBase64"]!.GetValue<string>());
        var headers = request["headers"]!.AsObject();
        return new FakeTrackerRequest(
            TrackerCodec.ReadRequest(body).Value,
            request["method"]!.GetValue<string>(),
            request["url"]!.GetValue<string>().TrimStart('/'),
            headers["Content-Type"]?.GetValue<string>(),
            headers["Accept-Encoding"]?.GetValue<string>(),
            body);
    }

    /// <summary>A path that answers otherwise.</summary>
    public sealed class Change(FakedTrackers trackers, string id) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await trackers.AskAsync(HttpMethod.Delete, "mappings/" + id, null);
    }
}
