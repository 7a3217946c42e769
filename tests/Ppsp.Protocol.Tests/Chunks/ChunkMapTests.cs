using FsCheck;
using FsCheck.Fluent;
using Ppsp.Protocol.Chunks;

namespace Ppsp.Protocol.Tests.Chunks;

public sealed class ChunkMapTests
{
    /// <summary>Ranges, what is held, and the bytes, most significant bit first, that were worked out by hand.</summary>
    public static TheoryData<long, int, long[], string> Worked() => new()
    {
        { 0, 25, [.. Enumerable.Range(0, 25).Select(i => (long)i)], "////gA==" },
        { 0, 15, [.. Enumerable.Range(0, 15).Select(i => (long)i)], "//4=" },
        { 20, 5, [20, 21, 22, 23, 24], "+A==" },
        { 0, 7, [0, 1, 2, 4, 5, 6], "7g==" },
        { 0, 10, [0, 2, 4, 6, 8], "qoA=" },
        { 624, 5, [624, 625, 627, 628], "2A==" },
    };

    [Theory]
    [MemberData(nameof(Worked))]
    public void The_first_chunk_is_the_most_significant_bit(long from, int length, long[] held, string base64)
    {
        var map = ChunkMap.Create(from, length, Convert.FromBase64String(base64));
        var builder = new ChunkMapBuilder(from, length);
        Assert.All(held, i => Assert.True(builder.Add(i)));

        Assert.Equal(held, map.Held());
        Assert.Equal(map, builder.ToChunkMap());
        var bytes = new byte[ChunkMap.ByteLength(length)];
        builder.ToChunkMap().CopyBitsTo(bytes);
        Assert.Equal(base64, Convert.ToBase64String(bytes));
    }

    [Fact]
    public void Bits_behind_the_range_are_ignored_and_missing_bytes_are_zero()
    {
        Assert.Equal(ChunkMap.Create(0, 3, [0xE0]), ChunkMap.Create(0, 3, [0xFF, 0xFF]));
        Assert.True(ChunkMap.Create(0, 3, [0xFF]).IsComplete);
        Assert.Equal([3, 4], ChunkMap.Create(3, 100, [0xC0]).Held());
        Assert.Equal(ChunkMap.Create(0, 20, []), ChunkMap.Create(0, 20, [0, 0, 0]));
    }

    [Fact]
    public void Nothing_outside_the_range_is_held()
    {
        var map = ChunkMap.Create(10, 8, [0xFF]);

        Assert.All([10, 17], i => Assert.True(map.Contains(i)));
        Assert.All([9, 18, 0, -1, long.MinValue, long.MaxValue], i => Assert.False(map.Contains(i)));
        Assert.Equal((17, 8, "10..17: 8 of 8"), (map.To, map.Count, map.ToString()));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    [InlineData(0, -1)]
    [InlineData(0, ChunkMap.MaxLength + 1)]
    [InlineData(ChunkName.MaxIndex, 2)]
    [InlineData(long.MaxValue, 1)]
    public void A_range_that_cannot_be_is_refused(long from, int length)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkMap.Create(from, length, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChunkMapBuilder(from, length));
    }

    [Fact]
    public void The_longest_range_and_the_last_chunk_are_allowed()
    {
        var map = ChunkMap.Create(ChunkName.MaxIndex - ChunkMap.MaxLength + 1, ChunkMap.MaxLength, [0x80]);
        Assert.Equal(ChunkName.MaxIndex, map.To);
        Assert.False(map.Contains(map.To));
        Assert.Throws<ArgumentException>(() => map.CopyBitsTo(new byte[10]));
    }

    [Fact]
    public void A_builder_behaves_like_a_set_of_numbers() => Prop.ForAll<int[]>(steps =>
    {
        const int From = 100, Length = 70;
        var model = new HashSet<long>();
        var builder = new ChunkMapBuilder(From, Length);
        foreach (var step in steps ?? [])
        {
            var index = From + (long)((uint)step % Length);
            if (step % 3 == 0 ? model.Remove(index) != builder.Remove(index) : model.Add(index) != builder.Add(index))
            {
                return false;
            }
        }

        var map = builder.ToChunkMap();
        var bytes = new byte[ChunkMap.ByteLength(Length)];
        map.CopyBitsTo(bytes);
        return builder.Count == model.Count && map.Count == model.Count && map.Held().SequenceEqual(model.Order())
            && Enumerable.Range(From - 5, Length + 10).All(i => map.Contains(i) == model.Contains(i) && builder.Contains(i) == model.Contains(i))
            && ChunkMap.Create(From, Length, bytes).Equals(map)
            && ChunkMap.Create(From, Length, bytes).GetHashCode() == map.GetHashCode();
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(200));

    [Fact]
    public void A_map_does_not_change_with_its_builder()
    {
        var builder = new ChunkMapBuilder(0, 16);
        builder.Add(3);
        var map = builder.ToChunkMap();
        builder.Add(4);
        builder.Remove(3);

        Assert.Equal([3], map.Held());
        Assert.Equal([4], builder.ToChunkMap().Held());
    }

    [Fact]
    public void A_builder_refuses_chunks_outside_its_range()
    {
        var builder = new ChunkMapBuilder(10, 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Add(9));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Add(15));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Remove(15));
    }
}
