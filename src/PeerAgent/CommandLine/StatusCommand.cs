using System.CommandLine;
using System.Text.Json;
using PeerAgent.Control;
using PeerAgent.Proxy;
using PeerAgent.Status;

namespace PeerAgent.CommandLine;

/// <summary><c>peer-agent status</c>: asks the running agent and prints what it says.</summary>
internal static class StatusCommand
{
    private const int MaxAnswerBytes = 64 << 20;

    internal static Command Create(string[] settings)
    {
        var json = new Option<bool>("--json") { Description = "Print the agent's answer as JSON, for programs." };
        var url = new Option<string?>("--url")
        {
            Description = "Where the agent's proxy is, for example http://127.0.0.1:7680. Default: PeerAgent:Proxy:Listen.",
        };
        var command = new Command("status", "Show streams, players, peers, trackers, ChunkMaps and traffic of the running agent.") { json, url };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(settings, parsed.GetValue(url), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] settings, string? url, bool json, CancellationToken cancellationToken)
    {
        if (AgentLocation.Find(settings, url) is not { } proxy)
        {
            await Console.Error.WriteLineAsync($"'{url}' is not an http:// URL; one looks like http://127.0.0.1:7680.");
            return 2;
        }

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = MaxAnswerBytes };
        try
        {
            using var answer = await client.GetAsync(new Uri(proxy, "/streams"), cancellationToken);
            answer.EnsureSuccessStatusCode();
            var upload = await AskUploadAsync(client, proxy, cancellationToken);
            if (json)
            {
                Console.WriteLine($"{{\"streams\":{await answer.Content.ReadAsStringAsync(cancellationToken)},\"upload\":{upload ?? "null"}}}");
                return 0;
            }

            var streams = await answer.Content.ReadFromJsonAsync(StreamJson.Default.IReadOnlyListStreamDescription, cancellationToken) ?? [];
            var maps = new Dictionary<string, ChunkMapDescription>(StringComparer.Ordinal);
            foreach (var stream in streams)
            {
                var path = $"/streams/{Uri.EscapeDataString(stream.SwarmId)}/chunkmap";
                maps[stream.SwarmId] = await client.GetFromJsonAsync(
                    new Uri(proxy, path), StreamJson.Default.ChunkMapDescription, cancellationToken) ?? new(stream.SwarmId, []);
            }

            new StatusReport(Console.Out, TimeProvider.System.GetUtcNow()).Write(streams, maps);
            if (upload is not null && JsonSerializer.Deserialize(upload, ControlJson.Default.UploadDescription) is { } limits)
            {
                UploadReport.Write(Console.Out, limits);
            }

            return 0;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException { InnerException: TimeoutException })
        {
            await Console.Error.WriteLineAsync($"No agent answers at {proxy} ({e.Message}). Start one with peer-agent run, or name it with --url.");
            return 1;
        }
    }

    /// <summary>What peers may take; null where the agent does not tell it, as to another machine.</summary>
    private static async Task<string?> AskUploadAsync(HttpClient client, Uri proxy, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(new Uri(proxy, "/control/upload"), cancellationToken);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(cancellationToken) : null;
    }
}
