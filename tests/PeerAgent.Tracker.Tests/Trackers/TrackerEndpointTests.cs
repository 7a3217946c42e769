using PeerAgent.Tracker.Trackers;

namespace PeerAgent.Tracker.Tests.Trackers;

public class TrackerEndpointTests
{
    [Theory]
    [InlineData("http://maintracker:80")]
    [InlineData(" https://tracker.example/path?key=1 ")]
    [InlineData("http://[2001:db8::1]:7690/")]
    public void An_absolute_http_url_is_a_tracker(string url)
    {
        Assert.True(TrackerEndpoint.TryCreate(url, 2, out var endpoint));
        Assert.Equal((new Uri(url.Trim()), 2), (endpoint.Url, endpoint.Tier));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("tracker.example")]
    [InlineData("/announce")]
    [InlineData("udp://tracker.example:80")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://")]
    public void Anything_else_is_not(string? url)
    {
        Assert.False(TrackerEndpoint.TryCreate(url, 1, out _));
        if (Uri.TryCreate(url, UriKind.RelativeOrAbsolute, out var uri))
        {
            Assert.Throws<ArgumentException>(() => new TrackerEndpoint(uri, 1));
        }
    }

    [Fact]
    public void A_url_without_end_is_not_a_tracker()
    {
        Assert.False(TrackerEndpoint.TryCreate("http://a/" + new string('x', TrackerEndpoint.MaxUrlLength), 1, out _));
    }

    [Fact]
    public void Its_name_shows_nothing_secret()
    {
        var endpoint = new TrackerEndpoint(new Uri("https://user:word@tracker.example:444/path?key=1#x"), 3);

        Assert.Equal("https://tracker.example:444/path", endpoint.Name);
        Assert.Equal("https://tracker.example:444/path (tier 3)", endpoint.ToString());
    }
}
