using PeerAgent.Tracker.Tiers;
using PeerAgent.Tracker.Trackers;

namespace PeerAgent.Tracker.Tests.Tiers;

public class TierListTests
{
    [Fact]
    public void Neither_the_order_inside_a_tier_nor_the_numbers_of_the_tiers_make_another_list()
    {
        Assert.Equal(Key(("http://a", 1), ("http://b", 1), ("http://c", 2)), Key(("http://c", 9), ("http://b", 3), ("http://a", 3)));
        Assert.Equal(Key(("http://a", 1)), Key(("http://A:80/", 1)));
    }

    [Fact]
    public void Other_tiers_make_another_list()
    {
        Assert.NotEqual(Key(("http://a", 1), ("http://b", 2)), Key(("http://a", 2), ("http://b", 1)));
        Assert.NotEqual(Key(("http://a", 1), ("http://b", 1)), Key(("http://a", 1), ("http://b", 2)));
        Assert.NotEqual(Key(("http://a/x", 1)), Key(("http://a/X", 1)));
    }

    [Fact]
    public void A_tracker_listed_twice_counts_once_in_its_better_tier()
    {
        Assert.Equal(Key(("http://a", 1), ("http://b", 2)), Key(("http://b", 2), ("http://a", 3), ("http://a", 1)));
    }

    private static string Key(params (string Url, int Tier)[] trackers) =>
        TierList.Key(TierList.Normalize(trackers.Select(t => new TrackerEndpoint(new Uri(t.Url), t.Tier))));
}
