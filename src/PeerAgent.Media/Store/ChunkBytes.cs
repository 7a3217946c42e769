using System.Buffers;
using System.Runtime.InteropServices;

namespace PeerAgent.Media.Store;

/// <summary>
/// Bytes of a chunk outside of the collected heap, where large arrays lie long after the last use: here the system has them
/// back as soon as nobody holds them any more. Held once when they are made; used only by those who hold them. Safe for
/// concurrent use.
/// </summary>
public sealed unsafe class ChunkBytes : MemoryManager<byte>
{
    private static long _inUse;

    private readonly int _length;
    private readonly byte* _start;
    private int _holds = 1;

    private ChunkBytes(int length)
    {
        _length = length;
        _start = SystemMemory.Take(length);
        Interlocked.Add(ref _inUse, length);
    }

    /// <summary>Bytes of all that are held by somebody, in this process.</summary>
    public static long InUse => Interlocked.Read(ref _inUse);

    /// <summary>How many they are.</summary>
    public int Length => _length;

    /// <summary>New bytes of any value, held once.</summary>
    /// <param name="length">How many, 0 or more.</param>
    /// <exception cref="OutOfMemoryException">The system has no more.</exception>
    public static ChunkBytes Allocate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new ChunkBytes(length);
    }

    /// <summary>The same content, held once more, in <see cref="ChunkBytes"/>: as it is when it lies there, else a copy. <see cref="Release(ReadOnlyMemory{byte})"/> ends that.</summary>
    public static ReadOnlyMemory<byte> Keep(ReadOnlyMemory<byte> content)
    {
        if (Find(content) is { } bytes)
        {
            bytes.Hold();
            return content;
        }

        var copy = Allocate(content.Length);
        content.Span.CopyTo(copy.GetSpan());
        return copy.Memory;
    }

    /// <summary>The content is needed until <see cref="Release(ReadOnlyMemory{byte})"/>. No effect on what lies elsewhere.</summary>
    public static void Hold(ReadOnlyMemory<byte> content) => Find(content)?.Hold();

    /// <summary>The end of a hold. No effect on what lies elsewhere.</summary>
    public static void Release(ReadOnlyMemory<byte> content) => Find(content)?.Release();

    /// <summary>The end of a hold; after the last one the bytes are gone.</summary>
    /// <exception cref="InvalidOperationException">There was none.</exception>
    public void Release()
    {
        var left = Interlocked.Decrement(ref _holds);
        if (left == 0)
        {
            SystemMemory.GiveBack(_start, _length);
            Interlocked.Add(ref _inUse, -_length);
        }
        else if (left < 0)
        {
            throw new InvalidOperationException("The bytes were let go of more often than they were held.");
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">Nobody holds them.</exception>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _holds) <= 0, this);
        return new Span<byte>(_start, _length);
    }

    /// <summary>Holds the bytes for the system until <see cref="Unpin"/>.</summary>
    /// <exception cref="ObjectDisposedException">Nobody holds them.</exception>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length);
        Hold();
        return new MemoryHandle(_start + elementIndex, pinnable: this);
    }

    /// <inheritdoc/>
    public override void Unpin() => Release();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Release();

    private static ChunkBytes? Find(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetMemoryManager<byte, ChunkBytes>(content, out var bytes) ? bytes : null;

    private void Hold()
    {
        for (var holds = Volatile.Read(ref _holds); ;)
        {
            ObjectDisposedException.ThrowIf(holds <= 0, this);
            var seen = Interlocked.CompareExchange(ref _holds, holds + 1, holds);
            if (seen == holds)
            {
                return;
            }

            holds = seen;
        }
    }
}
