using System.Text.Json;

namespace PeerAgent.Tests.Proxy;

/// <summary>Every error answer is a problem document with a sentence.</summary>
internal static class ProblemAssert
{
    public static async Task<string> HasSentenceAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var detail = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString();
        Assert.False(string.IsNullOrWhiteSpace(detail));
        Assert.EndsWith(".", detail, StringComparison.Ordinal);
        return detail;
    }
}
