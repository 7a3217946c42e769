using System.Numerics;

namespace Ppsp.Protocol.Chunks;

/// <summary>
/// Which chunks of a contiguous range are held: an immutable bit map. Chunk <see cref="From"/> is the most significant bit
/// of the first byte (our choice; draft-cruz-ppsp-http-tracker-protocol-01, section 4.10 is silent).
/// </summary>
/// <remarks>
/// Memory follows what is held, not how long the range is: bytes behind the last chunk held are not kept.
/// Safe to share between threads.
/// </remarks>
public sealed class ChunkMap : IEquatable<ChunkMap>
{
    /// <summary>Most chunks one map can cover: 2^20.</summary>
    public const int MaxLength = 1 << 20;

    private readonly byte[] _bits;

    private ChunkMap(long from, int length, byte[] bits, int count)
    {
        From = from;
        Length = length;
        Count = count;
        _bits = bits;
    }

    /// <summary>Number of the first chunk of the range.</summary>
    public long From { get; }

    /// <summary>Number of chunks in the range, 1 to <see cref="MaxLength"/>.</summary>
    public int Length { get; }

    /// <summary>Number of the last chunk of the range, inclusive.</summary>
    public long To => From + Length - 1;

    /// <summary>How many chunks are held.</summary>
    public int Count { get; }

    /// <summary>True when every chunk of the range is held.</summary>
    public bool IsComplete => Count == Length;

    /// <summary>The bits, most significant first, up to the last byte that is not zero.</summary>
    public ReadOnlySpan<byte> Bits => _bits;

    /// <summary>Makes a map from bits, most significant first. Bytes that are missing count as zero; bits behind the range are ignored.</summary>
    /// <param name="from">Number of the first chunk, 0 or more.</param>
    /// <param name="length">Number of chunks, 1 to <see cref="MaxLength"/>.</param>
    /// <param name="bits">The bits; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty, too long or beyond <see cref="ChunkName.MaxIndex"/>.</exception>
    public static ChunkMap Create(long from, int length, ReadOnlySpan<byte> bits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, ChunkName.MaxIndex - length + 1);

        bits = bits[..Math.Min(bits.Length, ByteLength(length))];
        var copy = bits.ToArray();
        if (copy.Length == ByteLength(length) && length % 8 != 0)
        {
            copy[^1] &= (byte)(0xFF << (8 - (length % 8)));
        }

        var used = copy.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        if (used < copy.Length)
        {
            copy = copy[..used];
        }

        var count = 0;
        foreach (var b in copy)
        {
            count += BitOperations.PopCount(b);
        }

        return new ChunkMap(from, length, copy, count);
    }

    /// <summary>How many bytes a map of so many chunks has on the wire.</summary>
    public static int ByteLength(int length) => (length + 7) / 8;

    /// <summary>True when the chunk is in the range and held.</summary>
    public bool Contains(long index)
    {
        var i = index - From;
        return i >= 0 && i >> 3 < _bits.Length && (_bits[i >> 3] & (0x80 >> (int)(i & 7))) != 0;
    }

    /// <summary>The numbers of the chunks held, ascending.</summary>
    public IEnumerable<long> Held()
    {
        for (var i = 0; i < _bits.Length; i++)
        {
            for (var bit = 0; _bits[i] != 0 && bit < 8; bit++)
            {
                if ((_bits[i] & (0x80 >> bit)) != 0)
                {
                    yield return From + ((long)i * 8) + bit;
                }
            }
        }
    }

    /// <summary>Writes the bits, padded with zeros to <see cref="ByteLength"/> bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than that.</exception>
    public void CopyBitsTo(Span<byte> destination)
    {
        var size = ByteLength(Length);
        if (destination.Length < size)
        {
            throw new ArgumentException($"The map has {size} bytes.", nameof(destination));
        }

        _bits.CopyTo(destination);
        destination[_bits.Length..size].Clear();
    }

    /// <summary>Same range, same chunks.</summary>
    public bool Equals(ChunkMap? other) =>
        other is not null && From == other.From && Length == other.Length && _bits.AsSpan().SequenceEqual(other._bits);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ChunkMap);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(From);
        hash.Add(Length);
        hash.AddBytes(_bits);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{From}..{To}: {Count} of {Length}";
}
