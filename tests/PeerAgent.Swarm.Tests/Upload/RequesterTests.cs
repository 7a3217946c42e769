using System.Net;
using PeerAgent.Swarm.Tests.Scene;
using PeerAgent.Swarm.Upload;

namespace PeerAgent.Swarm.Tests.Upload;

public sealed class RequesterTests
{
    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::7", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("fe80::1", "fe80::2", false)]
    [InlineData("fd00::1", "fd00::2", false)]
    public void Addresses_that_one_machine_can_choose_from_are_one_host(string one, string other, bool same)
    {
        var peer = Named.Peer("a");
        Assert.Equal(same, Requester.Of(IPAddress.Parse(one), peer) == Requester.Of(IPAddress.Parse(other), peer));
    }
}
