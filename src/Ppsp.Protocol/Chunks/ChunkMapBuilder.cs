namespace Ppsp.Protocol.Chunks;

/// <summary>
/// A <see cref="ChunkMap"/> that changes. Grows with the highest chunk held, so a long range costs nothing until it is
/// used. Not safe for concurrent use; the owner locks.
/// </summary>
public sealed class ChunkMapBuilder
{
    private byte[] _bits = [];

    /// <summary>An empty map of the range.</summary>
    /// <param name="from">Number of the first chunk, 0 or more.</param>
    /// <param name="length">Number of chunks, 1 to <see cref="ChunkMap.MaxLength"/>.</param>
    public ChunkMapBuilder(long from, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, ChunkMap.MaxLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, ChunkName.MaxIndex - length + 1);
        From = from;
        Length = length;
    }

    /// <summary>Number of the first chunk of the range.</summary>
    public long From { get; }

    /// <summary>Number of chunks in the range.</summary>
    public int Length { get; }

    /// <summary>How many chunks are held.</summary>
    public int Count { get; private set; }

    /// <summary>True when the chunk is in the range and held.</summary>
    public bool Contains(long index)
    {
        var i = index - From;
        return i >= 0 && i >> 3 < _bits.Length && (_bits[i >> 3] & (0x80 >> (int)(i & 7))) != 0;
    }

    /// <summary>Marks a chunk as held. True when it was not before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The chunk is outside the range.</exception>
    public bool Add(long index)
    {
        ThrowIfOutside(index);
        if (Contains(index))
        {
            return false;
        }

        var i = (int)(index - From);
        if (i >> 3 >= _bits.Length)
        {
            var size = Math.Min(ChunkMap.ByteLength(Length), Math.Max((i >> 3) + 1, _bits.Length * 2));
            Array.Resize(ref _bits, size);
        }

        _bits[i >> 3] |= (byte)(0x80 >> (i & 7));
        Count++;
        return true;
    }

    /// <summary>Marks a chunk as gone. True when it was held before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The chunk is outside the range.</exception>
    public bool Remove(long index)
    {
        ThrowIfOutside(index);
        if (!Contains(index))
        {
            return false;
        }

        var i = (int)(index - From);
        _bits[i >> 3] &= (byte)~(0x80 >> (i & 7));
        Count--;
        return true;
    }

    /// <summary>A copy that stays as it is.</summary>
    public ChunkMap ToChunkMap() => ChunkMap.Create(From, Length, _bits);

    private void ThrowIfOutside(long index)
    {
        if (index < From || index >= From + Length)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The map covers {From} to {From + Length - 1}.");
        }
    }
}
