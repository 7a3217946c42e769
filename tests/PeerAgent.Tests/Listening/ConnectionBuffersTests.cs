using System.Buffers;
using PeerAgent.Listening;
using PeerAgent.Media.Store;

namespace PeerAgent.Tests.Listening;

public sealed class ConnectionBuffersTests : IDisposable
{
    private const int MostTaken = ConnectionBuffers.MostUnused + 10;

    private readonly MemoryBudget _memory = new(MostTaken * ConnectionBuffers.BlockBytes * (long)ConnectionBuffers.Share);
    private readonly ConnectionBuffers _buffers;

    public ConnectionBuffersTests() => _buffers = new ConnectionBuffers(_memory);

    public void Dispose() => _buffers.Dispose();

    [Fact]
    public void A_block_that_was_given_back_is_used_again_and_one_in_use_is_not()
    {
        var first = _buffers.Rent(4096);
        var second = _buffers.Rent();
        Assert.False(first.Memory.Span == second.Memory.Span);
        Assert.Equal((ConnectionBuffers.BlockBytes, 0), (first.Memory.Length, _buffers.Unused));

        first.Dispose();

        Assert.Equal(1, _buffers.Unused);
        Assert.Same(first, _buffers.Rent());
        Assert.Equal(0, _buffers.Unused);
    }

    [Fact]
    public void No_more_unused_blocks_are_kept_than_the_bound()
    {
        var blocks = Enumerable.Range(0, ConnectionBuffers.MostUnused + 10).Select(_ => _buffers.Rent()).ToList();

        blocks.ForEach(b => b.Dispose());

        Assert.Equal(ConnectionBuffers.MostUnused, _buffers.Unused);
    }

    [Fact]
    public void Blocks_are_taken_from_the_memory_for_chunks_until_nobody_keeps_them()
    {
        var blocks = Rent(MostTaken);
        Assert.Equal(MostTaken * ConnectionBuffers.BlockBytes, _memory.Bytes);

        blocks.ForEach(b => b.Dispose());
        Assert.Equal(ConnectionBuffers.MostUnused * ConnectionBuffers.BlockBytes, _memory.Bytes);

        _buffers.Rent();
        Assert.Equal(ConnectionBuffers.MostUnused * ConnectionBuffers.BlockBytes, _memory.Bytes);
    }

    [Fact]
    public void Blocks_leave_chunks_most_of_the_memory()
    {
        var blocks = Rent(MostTaken + 20);
        Assert.Equal(_memory.Limit / ConnectionBuffers.Share, _memory.Bytes);

        blocks.ForEach(b => b.Dispose());
        Rent(MostTaken + 20);
        Assert.InRange(_memory.Bytes, 1, _memory.Limit / ConnectionBuffers.Share);
    }

    [Fact]
    public void A_connection_gets_its_block_when_the_memory_for_chunks_is_in_use()
    {
        Assert.True(_memory.TryTake(_memory.Limit));

        var blocks = Rent(MostTaken);

        Assert.All(blocks, b => Assert.Equal(ConnectionBuffers.BlockBytes, b.Memory.Length));
        blocks.ForEach(b => b.Dispose());
        Assert.Equal(_memory.Limit, _memory.Bytes);
    }

    [Fact]
    public void More_than_a_block_is_not_to_be_had() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _buffers.Rent(ConnectionBuffers.BlockBytes + 1));

    private List<IMemoryOwner<byte>> Rent(int count) => [.. Enumerable.Range(0, count).Select(_ => _buffers.Rent())];
}
