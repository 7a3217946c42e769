using PeerAgent.Listening;

namespace PeerAgent.Tests.Listening;

public sealed class ConnectionBuffersTests : IDisposable
{
    private readonly ConnectionBuffers _buffers = new();

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
    public void More_than_a_block_is_not_to_be_had() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _buffers.Rent(ConnectionBuffers.BlockBytes + 1));
}
