using System.Security.Cryptography;
using PeerAgent.Media.Store;
using PeerAgent.Swarm.Assembly;
using PeerAgent.Swarm.Fetching;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Tests.Scene;

namespace PeerAgent.Swarm.Tests.Assembly;

/// <summary>Chunks that came out wrong, and copies of their parts.</summary>
public sealed class CrossCheckTests
{
    private readonly Random _random = new(7);

    [Fact]
    public void Whoever_lied_the_right_bytes_are_found_or_nothing_is()
    {
        for (var round = 0; round < 400; round++)
        {
            var total = _random.Next(1, 300_000);
            var right = new byte[total];
            _random.NextBytes(right);
            var sources = Enumerable.Range(0, _random.Next(2, 7)).Select(i => Someone($"{i}")).ToList();
            var liars = sources.Take(_random.Next(1, sources.Count)).ToHashSet();
            var lazy = _random.Next(2) == 0;
            var memory = new MemoryBudget(total * 2);
            var assembly = new ChunkAssembly(total, total, memory);
            if (!TryFill(assembly, right, sources, liars, lazy))
            {
                continue;
            }

            using (var first = assembly.TakeOut(assembly.HandOver()))
            {
                var pieces = ShareRule.Across(first.Doubtful, sources);
                AssertCovers(first.Doubtful, pieces);
                Assert.True(assembly.TryLayOut(pieces.Select(p => (p.From, p.To)), total));
                var choice = CopyUntilSolved(assembly, new CrossCheck(first, SHA256.HashData(right)), pieces, right, liars, lazy);
                var isDoubted = first.Doubtful.Any(d => liars.Contains(d.Source));
                Assert.True(choice is not null || liars.Count > 1 || !isDoubted, "one liar alone was not found");
                if (choice is not null)
                {
                    assembly.MakeUp(choice, first.Content.Span);
                    Assert.True(assembly.IsComplete);
                    Assert.Equal(right, assembly.ToMemory().ToArray());
                    Assert.Equal(choice.Select(c => c.Source).Distinct(), assembly.Given.Select(g => g.Source).Distinct());
                }
            }

            assembly.Clear();
            Assert.Equal(0, memory.Bytes);
            Assert.DoesNotContain(sources, s => s.IsOnTrial);
        }
    }

    [Fact]
    public void What_the_proven_gave_is_not_doubted_while_there_are_others()
    {
        var (proven, unknown) = (Someone("proven"), Someone("unknown"));
        proven.Health.Succeeded();
        var memory = new MemoryBudget(100);

        using var mixed = new DoubtedChunk(new byte[20], 0, [(0, 10, proven), (10, 20, unknown)], memory);
        using var sure = new DoubtedChunk(new byte[20], 0, [(0, 20, proven)], memory);

        Assert.Equal([(10, 20, unknown)], mixed.Doubtful);
        Assert.Equal([(0, 20, proven)], sure.Doubtful);
    }

    [Fact]
    public void Without_room_for_a_second_copy_there_is_none()
    {
        var peer = Someone("a");
        var memory = new MemoryBudget(150);
        var assembly = new ChunkAssembly(100, 100, memory);
        assembly.Announce(100);
        assembly.Write(assembly.Missing[0], this, 0, new byte[100], peer);

        using (assembly.TakeOut(assembly.HandOver()))
        {
            Assert.Equal(100, memory.Bytes);
            Assert.False(assembly.TryLayOut([(0, 100)], 100));
            Assert.Null(assembly.Total);
        }

        Assert.Equal(0, memory.Bytes);
        Assert.True(assembly.TryLayOut([(0, 100)], 100));

        // Not even one part of it is what somebody begins a whole chunk with.
        Assert.True(assembly.IsShared);
        Assert.Equal(0, assembly.Forget(assembly.Missing[0], peer));
        Assert.Equal(100, assembly.Total);
        assembly.Clear();
        Assert.Equal(0, memory.Bytes);
    }

    /// <summary>Parts of any size, of anybody. False when the chunk came out right.</summary>
    private bool TryFill(ChunkAssembly assembly, byte[] right, List<Peer> sources, HashSet<Peer> liars, bool lazy)
    {
        var shares = Enumerable.Range(0, _random.Next(2, 9)).Select(_ => _random.NextDouble() + 0.01).ToList();
        Assert.True(assembly.TryLayOut([.. shares.Select(s => s / shares.Sum())], right.Length));
        Assert.True(assembly.Announce(right.Length));
        foreach (var part in assembly.Missing)
        {
            Give(assembly, part, sources[_random.Next(sources.Count)], right, liars, lazy);
        }

        if (assembly.ToMemory().Span.SequenceEqual(right))
        {
            assembly.Clear();
            return false;
        }

        return true;
    }

    private IReadOnlyList<CrossCheck.Choice>? CopyUntilSolved(
        ChunkAssembly assembly,
        CrossCheck check,
        IReadOnlyList<(long From, long To, Source? Source)> pieces,
        byte[] right,
        HashSet<Peer> liars,
        bool lazy)
    {
        var parts = assembly.Missing.Zip(pieces.OrderBy(p => p.From)).ToArray();
        _random.Shuffle(parts);
        foreach (var (part, piece) in parts)
        {
            Give(assembly, part, (Peer)piece.Source!, right, liars, lazy);
            if (check.Solve(assembly.ToMemory().Span, assembly.GivenForGood) is { } choice)
            {
                return choice;
            }
        }

        return null;
    }

    /// <summary>A liar's bytes are all wrong, or, when it is lazy, perhaps one of them.</summary>
    private void Give(ChunkAssembly assembly, Part part, Peer source, byte[] right, HashSet<Peer> liars, bool lazy)
    {
        var (from, end) = assembly.Bounds(part);
        var bytes = right[(int)from..(int)end!.Value];
        if (liars.Contains(source) && bytes.Length > 0 && (!lazy || _random.Next(2) == 0))
        {
            bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
        }

        assembly.Write(part, this, from, bytes, source);
    }

    private static void AssertCovers(
        IReadOnlyList<(long From, long To, Source Source)> stretches, IReadOnlyList<(long From, long To, Source? Source)> pieces)
    {
        foreach (var (from, to, giver) in stretches)
        {
            var own = pieces.Where(p => p.From >= from && p.To <= to).OrderBy(p => p.From).ToList();
            Assert.DoesNotContain(own, p => p.Source == giver);
            Assert.Equal(from, own[0].From);
            Assert.Equal(to, own[^1].To);
            Assert.All(own.Zip(own.Skip(1)), two => Assert.Equal(two.First.To, two.Second.From));
        }

        Assert.Equal(stretches.Sum(s => s.To - s.From), pieces.Sum(p => p.To - p.From));
    }

    private Peer Someone(string id)
    {
        var peer = new Peer(Named.Peer(id), transport: null!);
        peer.Speed.Observe(TimeSpan.FromMilliseconds(_random.Next(100)), _random.Next(1_000, 10_000_000), TimeSpan.FromSeconds(1), TimeSpan.Zero);
        if (_random.Next(4) == 0)
        {
            peer.Health.Succeeded();
        }

        return peer;
    }
}
