using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace PeerAgent.Listening;

/// <summary>
/// What the connections of all doors put their bytes into before the system takes them. A block is large enough for a small
/// chunk with its headers, so that these go out in one piece, and a large chunk in few; in the server's own blocks of 4 KiB
/// putting them together costs more than sending them. Few unused blocks are kept. Safe for concurrent use.
/// </summary>
internal sealed class ConnectionBuffers : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    /// <summary>Bytes of a block.</summary>
    internal const int BlockBytes = 64 << 10;

    /// <summary>Most blocks that are kept while nobody uses them.</summary>
    internal const int MostUnused = 256;

    private readonly ConcurrentBag<Block> _unused = [];
    private int _count;

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockBytes;

    /// <summary>Blocks that nobody uses.</summary>
    internal int Unused => Volatile.Read(ref _count);

    /// <summary>The same for all who ask.</summary>
    public MemoryPool<byte> Create(MemoryPoolOptions? options) => this;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        if (!_unused.TryTake(out var block))
        {
            return new Block(this);
        }

        Interlocked.Decrement(ref _count);
        return block;
    }

    /// <summary>A door that closes takes nothing from the others.</summary>
    protected override void Dispose(bool disposing)
    {
    }

    private void Return(Block block)
    {
        if (Interlocked.Increment(ref _count) <= MostUnused)
        {
            _unused.Add(block);
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private sealed class Block(ConnectionBuffers pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);

        public void Dispose() => pool.Return(this);
    }
}
