using System.Net;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Tests.Scene;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Swarm.Tests.Sources;

public sealed class PeerDirectoryTests
{
    private readonly PeerDirectory _directory = new(new LocalPeer(Named.Peer("me")), transport: null!, capacity: 3);

    [Fact]
    public void Own_id_and_addresses_that_cannot_be_are_dropped()
    {
        Add(true, Info("me", "127.0.0.1:1"), Info("port", "127.0.0.1:0"), Info("any", "0.0.0.0:1"), Info("many", "224.0.0.1:1"));
        Add(true, new PeerInfo { PeerId = Named.Peer("none") });

        Assert.Empty(_directory.Peers);
    }

    [Fact]
    public void Only_a_tracker_may_change_where_a_known_peer_is()
    {
        Add(true, Info("a", "127.0.0.1:1"));
        Add(false, Info("a", "127.0.0.1:2"));
        Assert.Equal(1, Assert.Single(_directory.Peers).Contact.Addresses[0].Port);
        Add(true, Info("a", "127.0.0.1:3"));

        Assert.Equal(3, Assert.Single(_directory.Peers).Contact.Addresses[0].Port);
    }

    [Fact]
    public void The_number_of_peers_is_bounded_and_useless_ones_make_room()
    {
        Add(true, Info("a", "127.0.0.1:1"), Info("b", "127.0.0.1:2"), Info("c", "127.0.0.1:3"), Info("d", "127.0.0.1:4"));
        Assert.Equal(["a", "b", "c"], Ids());

        var useless = _directory.Find(Named.Peer("b"))!;
        for (var i = 0; i < 3; i++)
        {
            useless.Health.Failed(TimeSpan.Zero, "failed");
        }

        Add(true, Info("e", "127.0.0.1:5"));

        Assert.Equal(["a", "c", "e"], Ids());
    }

    [Fact]
    public void Who_was_banned_stays_away_with_its_id_and_its_address()
    {
        Add(true, Info("a", "127.0.0.1:1"), Info("b", "127.0.0.1:2"));
        var liar = _directory.Find(Named.Peer("a"))!;
        _directory.Ban(liar, "lied");
        _directory.Remove(liar);
        Add(true, Info("a", "127.0.0.1:7"), Info("new", "127.0.0.1:1"), Info("c", "127.0.0.1:3"));

        Assert.Equal(["b", "c"], Ids());
    }

    [Fact]
    public void An_IPv4_address_in_IPv6_clothes_is_the_same_host()
    {
        Add(true, Info("a", "[::ffff:192.0.2.1]:1"));

        Assert.True(_directory.IsAt(Named.Peer("a"), IPAddress.Parse("192.0.2.1")));
        Assert.False(_directory.IsAt(Named.Peer("a"), IPAddress.Parse("192.0.2.2")));
    }

    private static PeerInfo Info(string id, string address)
    {
        var endPoint = IPEndPoint.Parse(address);
        return new PeerInfo { PeerId = Named.Peer(id), Addresses = [new PeerAddress(endPoint.Address, endPoint.Port)] };
    }

    private void Add(bool fromTracker, params PeerInfo[] infos) => _directory.Add(infos, fromTracker, holds: null);

    private IEnumerable<string> Ids() => _directory.Peers.Select(p => p.Id.Value).Order(StringComparer.Ordinal);
}
