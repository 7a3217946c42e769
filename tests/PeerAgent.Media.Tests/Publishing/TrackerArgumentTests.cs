using PeerAgent.Media.Publishing;

namespace PeerAgent.Media.Tests.Publishing;

public sealed class TrackerArgumentTests
{
    [Theory]
    [InlineData("http://tracker:80", "http://tracker/", 1)]
    [InlineData("http://tracker:7690@2", "http://tracker:7690/", 2)]
    [InlineData("https://tracker/ppsp@1000", "https://tracker/ppsp", 1000)]
    [InlineData("https://tracker/a@b", "https://tracker/a@b", 1)]
    [InlineData("https://tracker/a@b@3", "https://tracker/a@b", 3)]
    [InlineData("http://[::1]:7690@4", "http://[::1]:7690/", 4)]
    public void Url_and_tier_are_read(string text, string url, int tier)
    {
        Assert.True(TrackerArgument.TryParse(text, out var tracker));
        Assert.Equal(url, tracker.Url.AbsoluteUri);
        Assert.Equal(tier, tracker.Tier);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("tracker:80")]
    [InlineData("ftp://tracker")]
    [InlineData("http://tracker@0")]
    [InlineData("http://tracker@1001")]
    [InlineData("http://tracker@99999999999999999999")]
    [InlineData("http://tracker@")]
    [InlineData("http://user@tracker")]
    [InlineData("http://user:secret@tracker@2")]
    [InlineData("/tracker")]
    public void Anything_else_is_not_read(string? text) => Assert.False(TrackerArgument.TryParse(text, out _));
}
