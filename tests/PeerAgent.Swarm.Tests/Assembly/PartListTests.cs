using PeerAgent.Swarm.Assembly;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Tests.Scene;

namespace PeerAgent.Swarm.Tests.Assembly;

/// <summary>How a chunk that nobody has sent a byte of is laid out in parts.</summary>
public sealed class PartListTests
{
    private readonly PartList _parts = new();

    [Fact]
    public void The_first_share_is_the_part_that_somebody_was_asked_for_and_the_last_runs_to_the_end_wherever_that_is()
    {
        var first = _parts.Missing[0];

        Assert.True(_parts.TryLayOut([0.5, 0.25, 0.25], 400));

        Assert.Same(first, _parts.Missing[0]);
        Assert.Equal([(0L, (long?)200), (200L, 300), (300L, null)], Bounds);
    }

    [Fact]
    public void A_length_that_is_known_counts_more_than_one_that_is_usual()
    {
        Assert.True(_parts.TryEndAt(1000));

        Assert.True(_parts.TryLayOut([0.5, 0.5], 400));

        Assert.Equal([(0L, (long?)500), (500L, 1000)], Bounds);
    }

    [Fact]
    public void What_has_begun_or_is_laid_out_already_stays_as_it_is()
    {
        Assert.True(_parts.TryLayOut([0.5, 0.5], 400));
        Assert.False(_parts.TryLayOut([0.25, 0.75], 400));
        Assert.Equal([(0L, (long?)200), (200L, null)], Bounds);

        var begun = new PartList();
        begun.Missing[0].Filled(1, new Peer(Named.Peer("a"), transport: null!));
        Assert.False(begun.TryLayOut([0.5, 0.5], 400));
        Assert.Null(begun.Missing[0].End);
    }

    private IEnumerable<(long From, long? To)> Bounds => _parts.Missing.Select(p => (p.From, p.End));
}
