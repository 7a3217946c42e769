using System.Net;
using PeerAgent.Swarm.Http;

namespace PeerAgent.Swarm.Tests.Http;

public sealed class OriginRedirectsTests
{
    [Theory]
    [InlineData("http://a.example/x/", "other", "http://a.example/x/other")]
    [InlineData("http://a.example/x/", "//b.example/y", "http://b.example/y")]
    [InlineData("http://a.example/x/", "https://b.example/y", "https://b.example/y")]
    [InlineData("https://a.example/x/", "https://b.example/y", "https://b.example/y")]
    public void To_the_web_they_are_followed(string from, string location, string to) =>
        Assert.Equal(new Uri(to), OriginRedirects.Next(new Uri(from), new Uri(location, UriKind.RelativeOrAbsolute), 0).To);

    [Theory]
    [InlineData("https://a.example/x", "http://a.example/x", 0)]
    [InlineData("http://a.example/x", "ftp://a.example/x", 0)]
    [InlineData("http://a.example/x", "file:///etc/passwd", 0)]
    [InlineData("http://a.example/x", null, 0)]
    [InlineData("http://a.example/x", "http://b.example/x", OriginRedirects.Most)]
    public void Elsewhere_they_are_not(string from, string? location, int followed)
    {
        var (to, fault) = OriginRedirects.Next(new Uri(from), location is null ? null : new Uri(location), followed);

        Assert.Null(to);
        Assert.StartsWith("redirects", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("192.168.7.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    public async Task Public_addresses_are_told_from_others(string address, bool isPublic)
    {
        Assert.Equal(isPublic, PublicAddress.Is(IPAddress.Parse(address)));
        var url = new Uri(address.Contains(':', StringComparison.Ordinal) ? $"http://[{address}]/" : $"http://{address}/");
        Assert.Equal(isPublic, await OriginRedirects.IsPublicAsync(url, default));
    }

    [Fact]
    public async Task A_name_of_this_machine_is_not_public() =>
        Assert.False(await OriginRedirects.IsPublicAsync(new Uri("http://localhost/"), default));
}
