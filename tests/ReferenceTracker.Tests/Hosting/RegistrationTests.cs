using System.Net;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace ReferenceTracker.Tests.Hosting;

/// <summary>CONNECT and DISCONNECT, identity, addresses: decisions 7, 8, 9 and 16.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public async Task A_peer_that_is_not_registered_is_forbidden_everything_but_to_connect()
    {
        await using var tracker = await RunningTracker.StartAsync();
        TrackerRequest[] requests =
        [
            tracker.Disconnect("a"), tracker.Join("a", "s"), tracker.Leave("a", "s"), tracker.FindPeer("a", "s"),
            tracker.FindChunk("a", "s", 0), tracker.Report("a"), tracker.KeepAlive("a"),
        ];
        foreach (var request in requests)
        {
            Assert.Equal(ResponseCode.MessageForbidden, await tracker.CodeAsync(request));
        }
    }

    [Fact]
    public async Task Connecting_again_changes_the_addresses_and_keeps_the_swarms()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s", port: 1);
        await tracker.EnterAsync("b", "s");
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Connect("a", "10.0.0.9:2", "[2001:db8::1]:3")));

        var a = Assert.Single((await tracker.SendAsync(tracker.FindPeer("b", "s"))).Peers!);
        Assert.Equal(["10.0.0.9:2", "[2001:db8::1]:3"], a.Addresses.Select(x => x.ToString()));
    }

    [Fact]
    public async Task A_peer_belongs_to_the_user_who_registered_it_until_it_disconnects()
    {
        await using var tracker = await RunningTracker.StartAsync();
        Assert.True(UserId.TryParse("anna", out var anna));
        var mine = new Credentials(anna, null);
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Connect("a", "10.0.0.1:1") with { Credentials = mine }));

        Assert.Equal(ResponseCode.MessageForbidden, await tracker.CodeAsync(tracker.KeepAlive("a")));
        Assert.Equal(ResponseCode.MessageForbidden, await tracker.CodeAsync(tracker.Connect("a", "10.0.0.2:2")));
        Assert.Equal(ResponseCode.MessageForbidden, await tracker.CodeAsync(tracker.Disconnect("a")));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.KeepAlive("a") with { Credentials = mine }));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Disconnect("a") with { Credentials = mine }));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Connect("a", "10.0.0.2:2")));
    }

    [Fact]
    public async Task A_message_of_another_user_does_not_keep_the_peer_alive()
    {
        await using var tracker = await RunningTracker.StartAsync();
        Assert.True(UserId.TryParse("anna", out var anna));
        await tracker.CodeAsync(tracker.Connect("a", "10.0.0.1:1") with { Credentials = new Credentials(anna, null) });
        tracker.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(ResponseCode.MessageForbidden, await tracker.CodeAsync(tracker.KeepAlive("a")));
        tracker.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Connect("a", "10.0.0.2:2")));
    }

    [Fact]
    public async Task Leaving_one_swarm_leaves_the_other_memberships()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "one");
        await tracker.CodeAsync(tracker.Join("a", "two"));
        await tracker.EnterAsync("b", "two");
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Leave("a", "one")));
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindPeer("b", "two")));
        Assert.Empty(await tracker.ListAsync(tracker.FindPeer("b", "one")));
    }

    [Fact]
    public async Task Leaving_a_swarm_that_is_unknown_or_not_joined_finds_nothing()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        await tracker.CodeAsync(tracker.Connect("b", "10.0.0.1:1"));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.Leave("b", "s")));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.Leave("b", "nowhere")));
    }

    [Fact]
    public async Task Disconnecting_leaves_every_swarm()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "one");
        await tracker.CodeAsync(tracker.Join("a", "two"));
        await tracker.EnterAsync("b", "three");
        await tracker.CodeAsync(tracker.Disconnect("a"));
        Assert.Empty(await tracker.ListAsync(tracker.FindPeer("b", "one")));
        Assert.Empty(await tracker.ListAsync(tracker.FindPeer("b", "two")));
    }

    [Theory]
    [InlineData("10.0.0.1:0")]
    [InlineData("0.0.0.0:80")]
    [InlineData("[::]:80")]
    public async Task A_peer_that_cannot_be_reached_is_a_member_but_not_listed(string address)
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.CodeAsync(tracker.Connect("hidden", address));
        await tracker.CodeAsync(tracker.Join("hidden", "s"));
        await tracker.EnterAsync("b", "s");
        Assert.Empty(await tracker.ListAsync(tracker.FindPeer("b", "s")));
        Assert.Equal(["b"], await tracker.ListAsync(tracker.FindPeer("hidden", "s")));

        await tracker.CodeAsync(tracker.Connect("hidden", "10.0.0.1:80"));
        Assert.Equal(["hidden"], await tracker.ListAsync(tracker.FindPeer("b", "s")));
        await tracker.CodeAsync(tracker.Connect("hidden", address));
        Assert.Empty(await tracker.ListAsync(tracker.FindPeer("b", "s")));
    }

    [Fact]
    public async Task Without_addresses_there_is_no_port_and_the_peer_is_not_listed()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.CodeAsync(tracker.Connect("silent"));
        await tracker.CodeAsync(tracker.Join("silent", "s"));
        await tracker.EnterAsync("b", "s");
        Assert.Empty(await tracker.ListAsync(tracker.FindPeer("b", "s")));
    }

    [Fact]
    public async Task Addresses_that_are_the_same_in_IPv4_and_mapped_are_one()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.CodeAsync(tracker.Connect("a", "[::ffff:10.0.0.1]:80", "10.0.0.1:80"));
        await tracker.CodeAsync(tracker.Join("a", "s"));
        await tracker.EnterAsync("b", "s");
        var a = Assert.Single((await tracker.SendAsync(tracker.FindPeer("b", "s"))).Peers!);
        Assert.Equal(new PeerAddress(IPAddress.Parse("10.0.0.1"), 80), Assert.Single(a.Addresses));
    }

    [Fact]
    public async Task Identifiers_are_compared_letter_by_letter()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("Peer", "Swarm");
        Assert.Equal(ResponseCode.MessageForbidden, await tracker.CodeAsync(tracker.KeepAlive("peer")));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.FindPeer("Peer", "swarm")));
    }
}
