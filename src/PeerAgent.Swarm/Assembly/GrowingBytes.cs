using PeerAgent.Media.Store;

namespace PeerAgent.Swarm.Assembly;

/// <summary>
/// The memory that a chunk is put together in. Grows with what has arrived, never by what a stranger announces, beyond what
/// chunks of the stream usually have; every byte is taken from the budget. Not safe by itself.
/// </summary>
/// <param name="usualSize">Bytes a chunk of the stream usually has.</param>
/// <param name="maxBytes">Longest chunk that is taken.</param>
/// <param name="memory">What the bytes are taken from.</param>
internal sealed class GrowingBytes(long usualSize, long maxBytes, MemoryBudget memory)
{
    private const int FirstBytes = 16 << 10;
    private const int AlwaysTrusted = 1 << 20;
    private const int TrustFactor = 4;

    private ChunkBytes? _bytes;
    private long _taken;

    /// <summary>Bytes there is room for.</summary>
    public int Capacity => _bytes?.Length ?? 0;

    private long Trusted => Math.Max(AlwaysTrusted, usualSize * TrustFactor);

    /// <summary>A chunk is to have so many bytes. Without room now there is none for parts; bytes that come in order may still find some.</summary>
    public void Expect(long total) => _ = TryGrow(Math.Min(total, Trusted), total);

    /// <summary>Makes room for exactly so many bytes where there was none. False when there is none now.</summary>
    public bool TryReserve(long total)
    {
        if (!memory.TryTake(total))
        {
            return false;
        }

        _taken += total;
        Move(ChunkBytes.Allocate((int)total), total);
        return true;
    }

    /// <summary>Puts bytes into their place. False when there is no room for them.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="position">Where they begin.</param>
    /// <param name="total">Bytes the chunk will have, as far as that is known.</param>
    public bool TryWrite(ReadOnlySpan<byte> bytes, long position, long? total)
    {
        if (!TryGrow(position + bytes.Length, total))
        {
            return false;
        }

        if (_bytes is not null)
        {
            bytes.CopyTo(_bytes.GetSpan()[(int)position..]);
        }

        return true;
    }

    /// <summary>Some of the bytes that were written, until the next one is.</summary>
    public ReadOnlySpan<byte> Peek(long from, long to) => _bytes!.GetSpan()[(int)from..(int)to];

    /// <summary>Exactly so many bytes, until <see cref="Clear"/>.</summary>
    public Memory<byte> ToMemory(int length)
    {
        if (Capacity != length)
        {
            Move(ChunkBytes.Allocate(length), Math.Min(_taken, length));
        }

        return _bytes?.Memory ?? Memory<byte>.Empty;
    }

    /// <summary>What was taken from the budget is the caller's from now on.</summary>
    public long HandOver()
    {
        var taken = _taken;
        _taken = 0;
        return taken;
    }

    /// <summary>Gives everything back.</summary>
    public void Clear() => Move(null, 0);

    private bool TryGrow(long needed, long? total)
    {
        if (needed <= Capacity)
        {
            return true;
        }

        var wish = Math.Max(needed, Math.Min(Capacity * 2L, maxBytes));
        var size = total is { } all ? Math.Min(Math.Max(wish, Math.Min(all, Trusted)), Math.Max(all, needed)) : Math.Max(wish, FirstBytes);
        size = Math.Min(size, maxBytes);
        if (!memory.TryTake(size))
        {
            size = needed;
            if (!memory.TryTake(size))
            {
                return false;
            }
        }

        _taken += size;
        Move(ChunkBytes.Allocate((int)size), size);
        return true;
    }

    /// <summary>The content goes elsewhere as far as it fits; what is taken beyond that is given back.</summary>
    private void Move(ChunkBytes? next, long taken)
    {
        if (_bytes is not null)
        {
            var length = Math.Min(Capacity, next?.Length ?? 0);
            _bytes.GetSpan()[..length].CopyTo(next is null ? [] : next.GetSpan());
            _bytes.Release();
        }

        _bytes = next;
        memory.Give(_taken - taken);
        _taken = taken;
    }
}
