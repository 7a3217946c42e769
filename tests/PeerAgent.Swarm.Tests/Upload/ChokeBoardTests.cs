using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PeerAgent.Swarm.Tests.Scene;
using PeerAgent.Swarm.Upload;

namespace PeerAgent.Swarm.Tests.Upload;

/// <summary>Corners of the rule that are hard to reach through the door.</summary>
public sealed class ChokeBoardTests
{
    private readonly ChokeBoard _board = new(new UploadMetrics(
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()));

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 2)]
    public void Without_a_rate_peers_are_choked_only_when_some_were_sent_away(bool sentAway, int choked)
    {
        Ask(4);
        if (sentAway)
        {
            _board.Overloaded();
        }

        EndRound();

        Assert.Equal(choked, _board.Choked.Count);
    }

    [Fact]
    public void A_choke_ends_after_four_rounds_without_a_request()
    {
        for (var round = 0; round < 10; round++)
        {
            // Four that come back each round keep the places taken; the fifth never asks again.
            Ask(round == 0 ? 5 : 4);
            _board.Overloaded();
            EndRound();
        }

        Assert.DoesNotContain("p4", _board.Choked.Select(p => p.Value));
    }

    [Fact]
    public void However_many_names_there_are_no_more_than_so_many_are_remembered()
    {
        for (var i = 0; i < 5000; i++)
        {
            _board.Asked(Requester.Of(Address(i % 100), Named.Peer($"name-{i}")), Address(i % 100), Named.Swarm("s"));
        }

        _board.Overloaded();
        EndRound();

        Assert.InRange(_board.Choked.Count, 100, 1024);
    }

    private void Ask(int peers)
    {
        for (var i = 0; i < peers; i++)
        {
            _board.Asked(Requester.Of(Address(i), Named.Peer($"p{i}")), Address(i), Named.Swarm("s"));
        }
    }

    private void EndRound() => _board.EndRound(2, _ => false, _ => 0);

    private static IPAddress Address(int number) => new([10, 0, 0, (byte)number]);
}
