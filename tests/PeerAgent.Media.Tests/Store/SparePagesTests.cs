using PeerAgent.Media.Store;

namespace PeerAgent.Media.Tests.Store;

public sealed class SparePagesTests
{
    [Fact]
    public void What_was_given_back_last_is_taken_first()
    {
        var spare = new SparePages(100);
        Assert.True(spare.TryKeep(new(1, 30)));
        Assert.True(spare.TryKeep(new(2, 70)));

        Assert.True(spare.TryTake(out var first));
        Assert.True(spare.TryTake(out var second));

        Assert.Equal(new SparePages.Piece(2, 70), first);
        Assert.Equal(new SparePages.Piece(1, 30), second);
        Assert.False(spare.TryTake(out _));
    }

    [Fact]
    public void No_more_is_kept_than_the_limit_says()
    {
        var spare = new SparePages(100);

        Assert.False(spare.TryKeep(new(1, 101)));
        Assert.True(spare.TryKeep(new(2, 60)));
        Assert.False(spare.TryKeep(new(3, 41)));
        Assert.True(spare.TryTake(out _));
        Assert.True(spare.TryKeep(new(4, 100)));
    }

    [Theory]
    [InlineData(256, 248)]
    [InlineData(1024, 1004)]
    [InlineData(63, 63)]
    public void Pages_that_stay_and_ends_of_pages_count_within_the_limit(long limit, long room) =>
        Assert.Equal(room << 20, SystemMemory.RoomIn(limit << 20));
}
