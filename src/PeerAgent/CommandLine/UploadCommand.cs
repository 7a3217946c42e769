using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using PeerAgent.Control;
using PeerAgent.Status;

namespace PeerAgent.CommandLine;

/// <summary><c>peer-agent upload</c>: shows and changes what peers may take from the running agent.</summary>
internal static class UploadCommand
{
    private const string NoLimit = "none";
    private const int MaxAnswerBytes = 1 << 20;

    internal static Command Create(string[] settings)
    {
        var rate = new Option<string?>("--rate") { Description = "Most bytes a second to all peers together, or none." };
        var peerRate = new Option<string?>("--peer-rate") { Description = "Most bytes a second to one peer, or none." };
        var slots = new Option<int?>("--slots") { Description = "Most chunks sent at a time." };
        var on = new Option<bool>("--on") { Description = "Upload to peers." };
        var off = new Option<bool>("--off") { Description = "Upload nothing; download only." };
        var url = new Option<string?>("--url")
        {
            Description = "Where the agent's proxy is, for example http://127.0.0.1:7680. Default: PeerAgent:Proxy:Listen.",
        };
        var command = new Command(
            "upload", "Show or change what peers may take from the running agent; at once, and until it is started again.")
        {
            rate, peerRate, slots, on, off, url,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var wanted = new JsonObject();
            if (parsed.GetValue(slots) is { } number)
            {
                wanted["slots"] = number;
            }

            var wrong = AddRate(wanted, "maxBytesPerSecond", "--rate", parsed.GetValue(rate))
                ?? AddRate(wanted, "maxBytesPerSecondPerPeer", "--peer-rate", parsed.GetValue(peerRate))
                ?? AddSwitch(wanted, parsed.GetValue(on), parsed.GetValue(off));
            return wrong is null ? RunAsync(settings, parsed.GetValue(url), wanted, cancellationToken) : WrongUsageAsync(wrong);
        });
        return command;
    }

    private static string? AddRate(JsonObject wanted, string name, string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (text == NoLimit)
        {
            wanted[name] = null;
            return null;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
        {
            return $"{option} is '{text}'; give bytes a second, such as 1000000, or {NoLimit}.";
        }

        wanted[name] = bytes;
        return null;
    }

    private static string? AddSwitch(JsonObject wanted, bool on, bool off)
    {
        if (on && off)
        {
            return "Give --on or --off, not both.";
        }

        if (on || off)
        {
            wanted["enabled"] = on;
        }

        return null;
    }

    private static async Task<int> RunAsync(string[] settings, string? url, JsonObject wanted, CancellationToken cancellationToken)
    {
        if (AgentLocation.Find(settings, url) is not { } proxy)
        {
            return await WrongUsageAsync($"'{url}' is not an http:// URL; one looks like http://127.0.0.1:7680.");
        }

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = MaxAnswerBytes };
        try
        {
            using var request = new HttpRequestMessage(wanted.Count == 0 ? HttpMethod.Get : HttpMethod.Put, new Uri(proxy, "/control/upload"));
            if (wanted.Count > 0)
            {
                request.Content = new StringContent(wanted.ToJsonString(), MediaTypeHeaderValue.Parse("application/json"));
            }

            using var answer = await client.SendAsync(request, cancellationToken);
            return await PrintAsync(answer, proxy, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException { InnerException: TimeoutException })
        {
            await Console.Error.WriteLineAsync($"No agent answers at {proxy} ({e.Message}). Start one with peer-agent run, or name it with --url.");
            return 1;
        }
    }

    private static async Task<int> PrintAsync(HttpResponseMessage answer, Uri proxy, CancellationToken cancellationToken)
    {
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            var detail = JsonNode.Parse(body)?["detail"]?.ToString();
            await Console.Error.WriteLineAsync(detail ?? $"The agent at {proxy} answers with status {(int)answer.StatusCode}.");
            return 1;
        }

        if (JsonSerializer.Deserialize(body, ControlJson.Default.UploadDescription) is { } upload)
        {
            UploadReport.Write(Console.Out, upload);
        }

        return 0;
    }

    private static async Task<int> WrongUsageAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return 2;
    }
}
