using System.Net;
using System.Text;
using EndToEnd.Tests.Programs;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace EndToEnd.Tests.Secrets;

/// <summary>What only trackers may see is looked for in everything else that the agent writes and answers.</summary>
public sealed class CredentialsTests
{
    private const string User = "secret-user";
    private const string Token = "secret-token";
    private const string Key = "secret-key";

    private static readonly string[] Secrets = ["secret-", Convert.ToBase64String(Encoding.UTF8.GetBytes(Token))[..12]];

    [Fact]
    public async Task Credentials_and_keys_in_trackers_addresses_are_shown_nowhere()
    {
        using var folder = new TempFolder();
        var bad = await BadTrackersAsync();
        await using var good = await FakeTracker.StartAsync();
        SmallFilm.Make(folder["chunks"], 2);
        await using var agent = await Agent.RunAsync(
            folder["state"],
            new Dictionary<string, string> { ["PeerAgent__Identity__UserId"] = User, ["PeerAgent__Identity__AuthToken"] = Token },
            "--Logging:LogLevel:Default=Trace", "--PeerAgent:Tracker:Retries=0",
            "--PeerAgent:Tracker:StatReportInterval=00:00:00.3", "--PeerAgent:Fetch:Deadline=00:00:01");

        await TryAsync(agent, HttpStatusCode.Created, await ManifestAsync(folder, "one", [.. bad, good]));
        Assert.Contains(good.Requests, r => r.Message is RegisterRequest { Credentials: { UserId.Value: User, AuthToken: Token } });
        await TryAsync(agent, HttpStatusCode.ServiceUnavailable, await ManifestAsync(folder, "two", bad));
        await ShowsNothingAsync(agent, "active");
        good.Always(FakeStep.Echo(200));
        await agent.Program.SaysAsync("Lost tracker");
        await ShowsNothingAsync(agent, "active");
        await agent.LeaveAsync("/streams/one", "player");
        await ShowsNothingAsync(agent, "idle");
        await TryAsync(agent, HttpStatusCode.BadRequest, await WithPasswordAsync(folder));

        agent.Program.Terminate();
        Assert.Equal(0, await agent.Program.ExitAsync());
        AssertNone(agent.Program.Errors + agent.Program.Output, "what the agent wrote");
        await StateHoldsNothingAsync(folder["state"]);
        foreach (var tracker in bad)
        {
            await tracker.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_password_on_the_command_line_is_not_repeated()
    {
        using var folder = new TempFolder();
        SmallFilm.Make(folder["chunks"], 1);
        foreach (var option in (string[])["--tracker", "--origin"])
        {
            string[] tracker = option == "--tracker" ? [] : ["--tracker", "http://tracker.example"];
            await using var publish = Program.PeerAgent(
                ["publish", folder["chunks"], "--name", "film", .. tracker, option, "http://secret-name:secret-password@tracker.example/"]);

            Assert.Equal(2, await publish.ExitAsync());
            Assert.Contains(option, publish.Errors, StringComparison.Ordinal);
            AssertNone(publish.Errors + publish.Output, "what publish wrote");
        }
    }

    /// <summary>Trackers that refuse, break off, answer nonsense and answer with what they were asked.</summary>
    private static async Task<FakeTracker[]> BadTrackersAsync()
    {
        FakeStep[] steps =
        [
            FakeStep.Answer(ResponseCode.AuthenticationRequired), FakeStep.Answer(ResponseCode.MessageForbidden), FakeStep.RandomBytes,
            FakeStep.Close, FakeStep.Echo(200), FakeStep.Echo(400), FakeStep.Echo(500),
        ];
        return await Task.WhenAll(steps.Select(async step =>
        {
            var tracker = await FakeTracker.StartAsync();
            tracker.Always(step);
            return tracker;
        }));
    }

    /// <summary>A manifest, its trackers in tiers one after the other.</summary>
    private static async Task<string> ManifestAsync(TempFolder folder, string swarm, IEnumerable<FakeTracker> trackers)
    {
        var named = trackers.SelectMany((t, i) => (string[])["--tracker", $"{t.Url}announce?key={Key}@{i + 1}"]);
        await using var publish = Program.PeerAgent(
            ["publish", folder["chunks"], "--name", "film", "--swarm", swarm, "--out", folder["film.xml"],
            "--PeerAgent:Store:Path=" + folder["publisher"], .. named]);
        Assert.True(await publish.ExitAsync() == 0, publish.Errors);
        return await File.ReadAllTextAsync(folder["film.xml"]);
    }

    private static async Task<string> WithPasswordAsync(TempFolder folder) =>
        (await File.ReadAllTextAsync(folder["film.xml"])).Replace("http://127", "http://secret-name:secret-password@127", StringComparison.Ordinal);

    private static void AssertNone(string text, string what)
    {
        foreach (var line in text.Split('\n'))
        {
            Assert.False(Secrets.Any(s => line.Contains(s, StringComparison.OrdinalIgnoreCase)), $"{what} holds a secret: {line}");
        }
    }

    /// <summary>Manifests are kept as they came, or no tracker could be asked after a restart: for the owner's eyes only.</summary>
    private static async Task StateHoldsNothingAsync(string state)
    {
        foreach (var file in Directory.EnumerateFiles(state, "*", SearchOption.AllDirectories))
        {
            var text = await File.ReadAllTextAsync(file, Encoding.Latin1);
            var isManifest = Path.GetDirectoryName(file) == Path.Combine(state, "streams");
            AssertNone(isManifest ? text.Replace(Key, "", StringComparison.Ordinal) : text, file);
            if (!OperatingSystem.IsWindows() && (isManifest || Path.GetFileName(file) == "identity.json"))
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }
    }

    private static async Task TryAsync(Agent agent, HttpStatusCode expected, string manifest)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(agent.Proxy, "/manifests")) { Content = new StringContent(manifest) };
        Assert.Equal(expected, await AskAsync(request));
    }

    private static async Task<HttpStatusCode> AskAsync(HttpRequestMessage request)
    {
        request.Headers.Add("X-Player-Id", "player");
        using var answer = await Agent.Client.SendAsync(request);
        AssertNone($"{answer.Headers}\n{await answer.Content.ReadAsStringAsync()}", request.RequestUri!.ToString());
        return answer.StatusCode;
    }

    /// <summary>All that can be asked about a stream, by HTTP and by <c>peer-agent status</c>.</summary>
    private static async Task ShowsNothingAsync(Agent agent, string state)
    {
        Assert.Equal(state, (await agent.GetJsonAsync("/streams/one")).GetProperty("state").GetString());
        foreach (var path in (string[])["/streams", "/streams/one", "/streams/one/chunkmap", "/streams/one/index.m3u8", "/streams/none", "/none"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(agent.Proxy, path));
            await AskAsync(request);
        }

        foreach (var json in (string[][])[[], ["--json"]])
        {
            await using var status = Program.PeerAgent(["status", "--url", agent.Proxy.ToString(), .. json]);
            Assert.Equal(0, await status.ExitAsync());
            Assert.Contains("127.0.0.1", status.Output, StringComparison.Ordinal);
            AssertNone(status.Output + status.Errors, "status");
        }
    }
}
