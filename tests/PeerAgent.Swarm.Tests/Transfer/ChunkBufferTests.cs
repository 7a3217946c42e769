using PeerAgent.Media.Store;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Tests.Transfer;

public sealed class ChunkBufferTests
{
    private readonly MemoryBudget _memory = new(64 << 20);

    [Fact]
    public void Without_room_the_writer_is_told_to_stop()
    {
        var buffer = new ChunkBuffer(new MemoryBudget(100));

        Assert.NotEqual(0, buffer.GetMemory().Length);
        Assert.True(buffer.IsOutOfRoom);
        buffer.Free();
    }

    [Fact]
    public void Memory_follows_what_has_come_not_what_was_announced()
    {
        var buffer = new ChunkBuffer(_memory) { Announced = 1L << 40 };

        Assert.Equal(ChunkBuffer.FirstPiece, buffer.GetMemory().Length);
        buffer.Advance(10);
        Assert.Equal(ChunkBuffer.FirstPiece - 10, buffer.GetMemory().Length);
    }

    [Fact]
    public void A_chunk_of_the_announced_length_lies_in_one_piece_that_is_not_copied()
    {
        var buffer = new ChunkBuffer(_memory) { Announced = 5 };
        new byte[] { 1, 2, 3, 4, 5 }.CopyTo(buffer.GetMemory());
        buffer.Advance(5);

        var (content, taken) = buffer.HandOver();
        Assert.Equal([1, 2, 3, 4, 5], content.ToArray());
        Assert.Equal(5, taken);
        Assert.True(content.Span == buffer.HandOver().Content.Span);
        buffer.Free();
        Assert.Equal(5, _memory.Bytes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3_000_000L)]
    [InlineData(100L)]
    public async Task Many_pieces_read_as_one(long? announced)
    {
        var bytes = new byte[3_000_000];
        new Random(5).NextBytes(bytes);
        var buffer = new ChunkBuffer(_memory) { Announced = announced };
        var reading = ReadAllAsync(buffer);
        for (var sent = 0; sent < bytes.Length;)
        {
            var memory = buffer.GetMemory();
            var count = Math.Min(Math.Min(memory.Length, 70_001), bytes.Length - sent);
            bytes.AsMemory(sent, count).CopyTo(memory);
            buffer.Advance(count);
            sent += count;
        }

        buffer.Complete();

        Assert.Equal(bytes, await reading);
        var (content, taken) = buffer.HandOver();
        Assert.Equal(bytes, content.ToArray());
        buffer.Free();
        Assert.Equal(taken, _memory.Bytes);
    }

    [Fact]
    public async Task A_reader_sees_all_bytes_before_it_sees_the_failure()
    {
        var buffer = new ChunkBuffer(_memory);
        buffer.GetMemory();
        buffer.Advance(3);
        buffer.Fail("broke off");

        Assert.Equal(3, await buffer.ReadAsync(0, new byte[10], default));
        var e = await Assert.ThrowsAsync<IOException>(async () => await buffer.ReadAsync(3, new byte[10], default));
        Assert.Equal("broke off", e.Message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(5L)]
    public async Task Who_still_reads_when_all_was_handed_over_reads_on_and_the_bytes_end_with_the_buffer(long? announced)
    {
        var buffer = new ChunkBuffer(_memory) { Announced = announced };
        new byte[] { 1, 2, 3, 4, 5 }.CopyTo(buffer.GetMemory());
        buffer.Advance(5);
        buffer.Complete();
        var piece = new byte[3];
        Assert.Equal(3, await buffer.ReadAsync(0, piece, default));

        var (content, taken) = buffer.HandOver();

        Assert.Equal(5, taken);
        Assert.Equal(2, await buffer.ReadAsync(3, piece, default));
        Assert.Equal([4, 5, 3], piece);
        buffer.Free();
        buffer.Free();
        Assert.Throws<ObjectDisposedException>(() => content.Span.Length);
    }

    private static async Task<byte[]> ReadAllAsync(ChunkBuffer buffer)
    {
        var all = new MemoryStream();
        var piece = new byte[100_003];
        while (await buffer.ReadAsync(all.Length, piece, default) is > 0 and var read)
        {
            all.Write(piece, 0, read);
        }

        return all.ToArray();
    }
}
