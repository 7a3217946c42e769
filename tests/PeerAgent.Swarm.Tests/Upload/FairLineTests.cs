using System.Net;
using PeerAgent.Swarm.Tests.Scene;
using PeerAgent.Swarm.Upload;

namespace PeerAgent.Swarm.Tests.Upload;

/// <summary>Whose turn it is, without clocks and connections.</summary>
public sealed class FairLineTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress There = IPAddress.Parse("192.0.2.2");
    private readonly FairLine<string> _line = new();
    private readonly Dictionary<IPAddress, double> _had = new() { [Here] = 0, [There] = 0 };

    [Fact]
    public void Where_nothing_is_due_what_is_due_first_comes_first()
    {
        Add(Here, "a", due: 9, "late");
        Add(There, "b", due: 4, "early");
        Add(Here, "a", due: 6, "middle");

        Assert.Equal(["early", "middle", "late"], TakeAll(now: 0));
    }

    [Fact]
    public void What_is_due_is_shared_whoever_was_due_first()
    {
        for (var i = 0; i < 4; i++)
        {
            Add(Here, $"name-{i}", due: 0, "greedy");
        }

        Add(There, "b", due: 5, "honest");
        Add(There, "b", due: 5, "honest");

        Assert.Equal(["greedy", "honest", "greedy", "honest", "greedy", "greedy"], TakeAll(now: 5));
    }

    [Fact]
    public void Nobody_waits_for_those_to_whom_all_is_urgent_longer_than_until_its_own_time()
    {
        Add(There, "b", due: 3, "honest");
        var waits = 0;
        for (var now = 0; Take(now: now) != "honest"; now++)
        {
            // Another one at once, due at once.
            Add(Here, "a", due: now, "greedy");
            waits++;
            Assert.InRange(waits, 0, 3);
        }
    }

    [Fact]
    public void Of_a_host_the_names_take_turns_and_then_the_requests_of_a_name()
    {
        Add(Here, "a", due: 0, "a1");
        Add(Here, "a", due: 0, "a2");
        Add(Here, "a", due: 0, "a3");
        Add(Here, "b", due: 0, "b1");

        Assert.Equal(["a1", "b1", "a2", "a3"], TakeAll(now: 1));
    }

    [Fact]
    public void Who_may_have_nothing_now_is_passed_over()
    {
        Add(Here, "a", due: 0, "first");
        Add(There, "b", due: 1, "second");

        Assert.True(_line.TryTake(TimeSpan.Zero, h => h.Equals(Here) ? null : 0, out var other));
        Assert.Equal("second", other);
        Assert.False(_line.TryTake(TimeSpan.Zero, h => h.Equals(Here) ? null : 0, out _));
        Assert.Equal(1, _line.Count);
    }

    [Fact]
    public void Of_those_who_may_the_first_is_taken()
    {
        Add(Here, "a", due: 0, "patient");
        Add(Here, "a", due: 1, "hurried");

        Assert.True(_line.TryTake(TimeSpan.Zero, _ => 0, item => item == "hurried", out var taken));
        Assert.Equal("hurried", taken);
        Assert.Equal(["patient"], _line.Items);
    }

    [Fact]
    public void Who_leaves_is_not_counted_any_more()
    {
        Add(Here, "a", due: 0, "gone");

        Assert.True(_line.Remove(WhoIs(Here, "a"), "gone"));

        Assert.False(_line.Remove(WhoIs(Here, "a"), "gone"));
        Assert.Equal((0, 0), (_line.Count, _line.CountOf(Here)));
        Assert.Null(Take(now: 9));
    }

    private static Requester WhoIs(IPAddress host, string name) => new(host, Named.Peer(name));

    private void Add(IPAddress host, string name, double due, string item) =>
        _line.Add(WhoIs(host, name), TimeSpan.FromSeconds(due), item);

    /// <summary>The next one; its host has had one more then.</summary>
    private string? Take(double now)
    {
        var before = (_line.CountOf(Here), _line.CountOf(There));
        if (!_line.TryTake(TimeSpan.FromSeconds(now), h => _had[h], out var item))
        {
            return null;
        }

        _had[_line.CountOf(Here) < before.Item1 ? Here : There]++;
        return item;
    }

    private List<string> TakeAll(double now)
    {
        var all = new List<string>();
        while (Take(now) is { } item)
        {
            all.Add(item);
        }

        return all;
    }
}
