using System.Net;
using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.Tests.Messages;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData(" 0.0.0.0 ", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("[2001:db8::7]", "2001:db8::7")]
    [InlineData("2001:0DB8:0000:0000:0000:0000:0000:0007", "2001:db8::7")]
    [InlineData("20:01:0d:b8:00:00:00:01", "20:1:d:b8::1")]
    [InlineData("::ffff:192.0.2.7", "::ffff:192.0.2.7")]
    public void An_address_in_one_of_its_forms_is_read(string text, string address)
    {
        Assert.True(AddressText.TryParse(text, "7681", out var parsed));
        Assert.Equal(new PeerAddress(IPAddress.Parse(address), 7681), parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("127.1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.4.")]
    [InlineData("1..3.4")]
    [InlineData("256.1.1.1")]
    [InlineData("010.0.0.1")]
    [InlineData("00.0.0.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("+1.2.3.4")]
    [InlineData("1.2.3.4:80")]
    [InlineData("١.2.3.4")]
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::1%1")]
    [InlineData("::1/64")]
    [InlineData("[::1]:80")]
    [InlineData("[::1")]
    [InlineData(":::")]
    [InlineData("hh:hh:hh:hh:hh:hh:hh:hh")]
    [InlineData("localhost")]
    public void Anything_else_is_no_address(string text) => Assert.False(AddressText.TryParse(text, "1", out _));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("65535", 65535)]
    [InlineData(" 80 ", 80)]
    [InlineData("00080", 80)]
    [InlineData("", 0)]
    public void A_port_is_0_to_65535_and_0_when_there_is_none(string text, int port)
    {
        Assert.True(AddressText.TryParse("::1", text, out var parsed));
        Assert.Equal(port, parsed.Port);
    }

    [Theory]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("8 0")]
    [InlineData("0x50")]
    [InlineData("99999999999999999999")]
    public void Anything_else_is_no_port(string text) => Assert.False(AddressText.TryParse("::1", text, out _));
}
