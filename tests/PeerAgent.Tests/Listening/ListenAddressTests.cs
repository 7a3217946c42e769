using PeerAgent.Listening;

namespace PeerAgent.Tests.Listening;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7680", "http://127.0.0.1:7680/")]
    [InlineData("http://0.0.0.0:1", "http://127.0.0.1:1/")]
    [InlineData("http://*:81", "http://127.0.0.1:81/")]
    [InlineData("http://[::]:81", "http://[::1]:81/")]
    [InlineData("http://localhost:82", "http://127.0.0.1:82/")]
    [InlineData(" http://127.0.0.1:1 ; http://[::1]:2", "http://127.0.0.1:1/")]
    public void An_address_is_read_and_can_be_reached_from_this_machine(string text, string local)
    {
        Assert.Null(ListenAddress.ParseAll(text, out var addresses));
        Assert.Equal(local, addresses[0].LocalUrl().ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("127.0.0.1:7680")]
    [InlineData("https://127.0.0.1:7680")]
    [InlineData("http://127.0.0.1:7680/path")]
    [InlineData("http://some.host:7680")]
    [InlineData("http://127.0.0.1:70000")]
    [InlineData("http://localhost:0")]
    public void Anything_else_is_refused_with_a_sentence(string text) =>
        Assert.EndsWith(".", ListenAddress.ParseAll(text, out _)!, StringComparison.Ordinal);
}
