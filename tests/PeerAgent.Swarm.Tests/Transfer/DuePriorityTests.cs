using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Tests.Transfer;

public sealed class DuePriorityTests
{
    [Theory]
    [InlineData(-10, "u=0")]
    [InlineData(0.9, "u=0")]
    [InlineData(1, "u=1")]
    [InlineData(2.5, "u=2")]
    [InlineData(3, "u=3")]
    [InlineData(7.9, "u=4")]
    [InlineData(14, "u=5")]
    [InlineData(15, "u=6")]
    [InlineData(1e9, "u=7")]
    public void The_sooner_a_chunk_is_played_the_lower_the_urgency(double left, string field) =>
        Assert.Equal(field, DuePriority.Of(TimeSpan.FromSeconds(left)));

    [Theory]
    [InlineData("u=0", 0)]
    [InlineData("u=7", 30)]
    [InlineData("i, u=5;x=1", 8)]
    [InlineData("u=1, u=4", 5)]
    [InlineData(" u=2 ,i=?0", 2)]
    public void The_urgency_is_read(string field, double least) =>
        Assert.Equal(TimeSpan.FromSeconds(least), DuePriority.Read(field));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("i")]
    [InlineData("u")]
    [InlineData("u=8")]
    [InlineData("u=-1")]
    [InlineData("u=99999999999999999999")]
    [InlineData("u=x, =, ;;,")]
    public void What_says_nothing_of_it_is_the_usual_urgency(string? field) =>
        Assert.Equal(TimeSpan.FromSeconds(3), DuePriority.Read(field));

    [Fact]
    public void No_chunk_is_taken_for_one_with_more_time_than_it_has()
    {
        for (var left = 0.0; left < 60; left += 0.25)
        {
            Assert.InRange(DuePriority.Read(DuePriority.Of(TimeSpan.FromSeconds(left))).TotalSeconds, 0, left);
        }
    }
}
