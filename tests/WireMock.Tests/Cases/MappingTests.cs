using System.Net;
using System.Text.Json.Nodes;
using WireMock.Tests.Server;

namespace WireMock.Tests.Cases;

/// <summary>The stub mappings themselves, which others use for agents of their own.</summary>
public sealed class MappingTests(FakedTrackers trackers)
{
    private static readonly HttpClient Client = new();

    [Fact]
    public async Task Every_stub_says_what_it_is_and_its_case_stands_in_the_guide()
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(FakedTrackers.Root, "docs", "testing-with-wiremock.md"));
        var files = (await trackers.MappingsAsync()).Where(m => m!["priority"]!.GetValue<int>() > 1).ToList();

        Assert.InRange(files.Count, 100, 1000);
        foreach (var stub in files)
        {
            Assert.False(string.IsNullOrEmpty((string?)stub!["name"]), stub.ToJsonString());
            Assert.False(string.IsNullOrEmpty((string?)stub["metadata"]?["tells"]), stub.ToJsonString());
            var name = (string?)stub["metadata"]?["case"] ?? "";
            Assert.Contains($"`/{name.Split('/')[0]}`", guide, StringComparison.Ordinal);
            Assert.Equal(name == "happy" ? null : "/" + name, (string?)stub["request"]!["urlPath"]);
        }
    }

    [Theory]
    [InlineData("<PPSPTrackerProtocol version=\"1.0\"><Method>connect</Method><PeerID>p</PeerID><TransactionID>7</TransactionID></PPSPTrackerProtocol>", "OK", "7")]
    [InlineData("<PPSPTrackerProtocol version=\"1.0\"><Method>KEEPALIVE</Method><PeerID>p</PeerID><TransactionID>a&amp;b</TransactionID></PPSPTrackerProtocol>", "OK", "a&amp;b")]
    [InlineData("<PPSPTrackerProtocol version=\"1.0\"><Method>JOIN</Method><PeerID>p</PeerID><TransactionID>7</TransactionID></PPSPTrackerProtocol>", "INVALID SYNTAX", "7")]
    [InlineData("<PPSPTrackerProtocol version=\"1.0\"><Method>DANCE</Method><PeerID>p</PeerID><TransactionID>7</TransactionID></PPSPTrackerProtocol>", "INVALID SYNTAX", "7")]
    [InlineData("nothing of the kind", "INVALID SYNTAX", null)]
    public async Task Good_behaviour_is_strict_about_fields_and_echoes_the_TransactionID(string message, string response, string? transaction)
    {
        using var answer = await Client.PostAsync(trackers.Url("happy"), new StringContent(message));
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(response == "OK" ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"<Response>{response}</Response>", text, StringComparison.Ordinal);
        Assert.Equal(transaction is not null, text.Contains($"<TransactionID>{transaction}</TransactionID>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_change_ends_with_its_test()
    {
        var path = $"path-{Guid.NewGuid():N}";
        await using (await trackers.ChangeAsync(path, new JsonObject { ["status"] = 410 }))
        {
            Assert.Equal(HttpStatusCode.Gone, await AskAsync());
        }

        Assert.Equal(HttpStatusCode.BadRequest, await AskAsync());

        async Task<HttpStatusCode> AskAsync()
        {
            using var answer = await Client.PostAsync(trackers.Url(path), new StringContent(""));
            return answer.StatusCode;
        }
    }
}
