using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using PeerAgent.Media.Store;

namespace PeerAgent.Listening;

/// <summary>
/// What the connections of all doors put their bytes into before the system takes them. A block is large enough for a small
/// chunk with its headers, so that these go out in one piece, and a large chunk in few; in the server's own blocks of 4 KiB
/// putting them together costs more than sending them. Few unused blocks are kept. Safe for concurrent use.
/// </summary>
/// <remarks>
/// What is in a block is nearly always a copy of a chunk's bytes: blocks, unused ones too, are taken from the memory for chunks,
/// up to a sixteenth of it, so that chunks always find room. A connection that needs more, or that comes while all is in use,
/// still gets its block.
/// </remarks>
/// <param name="memory">What the blocks are taken from.</param>
internal sealed class ConnectionBuffers(MemoryBudget memory) : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    /// <summary>Bytes of a block.</summary>
    internal const int BlockBytes = 64 << 10;

    /// <summary>Most blocks that are kept while nobody uses them.</summary>
    internal const int MostUnused = 256;

    /// <summary>Blocks take so much of the memory for chunks: one part of so many.</summary>
    internal const int Share = 16;

    private readonly ConcurrentBag<Block> _unused = [];
    private int _count;
    private long _taken;

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
            return new Block(this, TryTake());
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
            GiveBack(block);
        }
    }

    private bool TryTake()
    {
        if (Interlocked.Add(ref _taken, BlockBytes) <= memory.Limit / Share && memory.TryTake(BlockBytes))
        {
            return true;
        }

        Interlocked.Add(ref _taken, -BlockBytes);
        return false;
    }

    private void GiveBack(Block block)
    {
        if (block.IsTaken)
        {
            Interlocked.Add(ref _taken, -BlockBytes);
            memory.Give(BlockBytes);
        }
    }

    private sealed class Block(ConnectionBuffers pool, bool isTaken) : IMemoryOwner<byte>
    {
        /// <summary>True when its bytes were taken from the memory for chunks.</summary>
        public bool IsTaken => isTaken;

        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);

        public void Dispose() => pool.Return(this);
    }
}
