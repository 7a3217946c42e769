using System.Net;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Messages;
using ReferenceTracker.Registry;
using ReferenceTracker.Settings;

namespace ReferenceTracker.Tests.Registry;

/// <summary>The registry where swarms are too large to look at everyone; no HTTP in between.</summary>
public sealed class LargeSwarmTests
{
    private readonly ManualTime _time = new();
    private readonly SwarmRegistry _registry;
    private readonly TrackerOptions _options = new();
    private ulong _fingerprint;

    public LargeSwarmTests() => _registry = new SwarmRegistry(_options, _time, new Random(1));

    [Fact]
    public void A_chunk_that_one_of_many_holds_is_found_and_only_there()
    {
        const int peers = 20_000;
        for (var i = 0; i < peers; i++)
        {
            Enter(i);
            Hold(i, "110");
        }

        Hold(12_345, "111");
        Assert.Equal(["p12345"], Find(1, chunk: 2));
        Assert.Equal(ResponseCode.ObjectNotFound, Ask(12_345, chunk: 2).Code);
        Assert.Equal(30, Find(1, chunk: 0).Distinct().Count());

        Hold(12_345, "110");
        Assert.Equal(ResponseCode.ObjectNotFound, Ask(1, chunk: 2).Code);
    }

    [Fact]
    public void Selections_in_a_large_swarm_reach_everyone()
    {
        const int peers = 1_000;
        for (var i = 0; i < peers; i++)
        {
            Enter(i);
            Hold(i, i % 10 == 0 ? "11" : "10");
        }

        var anyone = new HashSet<string>();
        var holders = new HashSet<string>();
        for (var i = 0; i < 400; i++)
        {
            anyone.UnionWith(Find(1, chunk: null));
            holders.UnionWith(Find(1, chunk: 1));
        }

        Assert.Equal(peers - 1, anyone.Count);
        Assert.Equal(peers / 10, holders.Count);
    }

    [Fact]
    public void The_nearest_are_listed_first_with_their_cost()
    {
        Enter(0, "198.51.100.7");
        string[] sources = ["203.0.113.1", "10.0.0.1", "198.51.100.9", "198.51.100.7", "::ffff:198.51.100.9", "203.0.113.2"];
        for (var i = 0; i < sources.Length; i++)
        {
            Enter(i + 1, sources[i]);
        }

        var list = Ask(0, chunk: null).Peers!;
        Assert.Equal([0, 1, 1, 3, 3, 3], list.Select(p => p.Cost));
        Assert.Equal("p4", list[0].Id.Value);
        Assert.Equal(["p3", "p5"], list[1..3].Select(p => p.Id.Value).Order());
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", 0)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", 0)]
    [InlineData("10.0.0.1", "10.0.0.2", 1)]
    [InlineData("10.0.0.1", "192.168.1.1", 2)]
    [InlineData("10.0.0.1", "172.31.0.1", 2)]
    [InlineData("10.0.0.1", "172.32.0.1", 3)]
    [InlineData("10.0.0.1", "fd00::1", 2)]
    [InlineData("8.8.8.8", "8.8.9.8", 3)]
    [InlineData("2001:db8::1", "2001:db8::ffff", 1)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", 3)]
    public void Nearness_is_judged_by_the_observed_addresses(string one, string other, int cost)
    {
        var (a, b) = (CompactAddress.From(IPAddress.Parse(one), 0), CompactAddress.From(IPAddress.Parse(other), 0));
        Assert.Equal(cost, CompactAddress.Cost(a, b));
        Assert.Equal(cost, CompactAddress.Cost(b, a));
    }

    [Fact]
    public void When_many_fall_silent_at_once_those_who_remain_are_found()
    {
        for (var i = 0; i < 5_000; i++)
        {
            Enter(i);
            Hold(i, "1");
        }

        _time.Advance(TimeSpan.FromSeconds(60));
        Enter(6_000);
        Hold(6_000, "1");
        Enter(6_001);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(["p6000"], Find(6_001, chunk: 0));
        Assert.Equal(["p6000"], Find(6_001, chunk: null));
        Assert.Equal(2, _registry.Size().Peers);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_happens_the_registry_agrees_with_a_simple_one(int seed)
    {
        var random = new Random(seed);
        var model = new Dictionary<int, string>();
        for (var step = 0; step < 6_000; step++)
        {
            // Grows beyond the size where an index is made, and shrinks below it again.
            var i = random.Next(step / 1_500 % 2 == 0 ? 300 : 40);
            switch (random.Next(6))
            {
                case 0 or 1 or 2:
                    Enter(i);
                    model.TryAdd(i, "");
                    break;
                case 3:
                    if (model.ContainsKey(i))
                    {
                        model[i] = string.Concat(Enumerable.Range(0, 70 + random.Next(2)).Select(_ => random.Next(20) == 0 ? '1' : '0'));
                        Hold(i, model[i], from: i % 3);
                    }

                    break;
                default:
                    var gone = random.Next(300);
                    Handle(new LeaveRequest { PeerId = Id(gone), TransactionId = RunningTracker.Transaction("1"), SwarmId = RunningTracker.Swarm("s") });
                    model.Remove(gone);
                    break;
            }

            var chunk = random.Next(75);
            Enter(999);
            var expected = model.Where(p => chunk - (p.Key % 3) is var at && at >= 0 && at < p.Value.Length && p.Value[at] == '1')
                .Select(p => $"p{p.Key}").ToHashSet();
            var found = Ask(999, chunk);
            Assert.Equal(expected.Count == 0 ? ResponseCode.ObjectNotFound : ResponseCode.Ok, found.Code);
            var names = found.Peers?.Select(p => p.Id.Value).ToList() ?? [];
            Assert.Equal(Math.Min(30, expected.Count), names.Count);
            Assert.Subset(expected, names.ToHashSet());
        }

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, _registry.Size().MapBytes);
    }

    private static Ppsp.Protocol.Ids.PeerId Id(int i) => RunningTracker.Peer($"p{i}");

    private void Enter(int i, string source = "10.0.0.1")
    {
        var transaction = RunningTracker.Transaction("1");
        Handle(new RegisterRequest { PeerId = Id(i), TransactionId = transaction, Addresses = [new(IPAddress.Loopback, 1)] }, source);
        Handle(new JoinRequest { PeerId = Id(i), TransactionId = transaction, SwarmId = RunningTracker.Swarm("s") }, source);
    }

    private void Hold(int i, string bits, long from = 0) => Assert.Equal(ResponseCode.Ok, Handle(new ReportRequest
    {
        PeerId = Id(i),
        TransactionId = RunningTracker.Transaction("1"),
        ChunkMaps = [new(RunningTracker.Swarm("s"), [new(new LevelId("film", "video", 0), [Holdings.Map(from, bits)])])],
    }).Code);

    private List<string> Find(int i, long? chunk) => [.. Ask(i, chunk).Peers!.Select(p => p.Id.Value)];

    private RegistryAnswer Ask(int i, long? chunk) => Handle(chunk is { } index
        ? new ChunkListRequest
        {
            PeerId = Id(i),
            TransactionId = RunningTracker.Transaction("1"),
            SwarmId = RunningTracker.Swarm("s"),
            ClipName = "film",
            ClipType = "video",
            Index = index,
        }
        : new ListRequest { PeerId = Id(i), TransactionId = RunningTracker.Transaction("1"), SwarmId = RunningTracker.Swarm("s") });

    private RegistryAnswer Handle(TrackerRequest request, string source = "10.0.0.1") =>
        _registry.Handle(request, IPAddress.Parse(source), ++_fingerprint);
}
