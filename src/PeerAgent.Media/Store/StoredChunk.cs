namespace PeerAgent.Media.Store;

/// <summary>
/// A whole, verified chunk, leased from the store; stays readable until disposed even if it is evicted meanwhile. What lies
/// in memory counts against <see cref="MemoryBudget"/> until then; its bytes are not used after that.
/// </summary>
public sealed class StoredChunk : IDisposable
{
    private readonly FileStream? _file;
    private readonly MemoryBudget? _budget;
    private ChunkMemory? _held;

    /// <summary>A chunk that lies in memory, but not in the store's; what lies in <see cref="ChunkBytes"/> is held until the end.</summary>
    public StoredChunk(ReadOnlyMemory<byte> content, string entityTag)
        : this(new ChunkMemory(content), budget: null, entityTag)
    {
    }

    /// <summary>A chunk that lies in the store's memory, or in none that is counted; the hold on it is taken over.</summary>
    internal StoredChunk(ChunkMemory held, MemoryBudget? budget, string entityTag)
    {
        _held = held;
        _budget = budget;
        Memory = held.Content;
        Length = held.Content.Length;
        EntityTag = entityTag;
    }

    /// <summary>A chunk that lies on disk; the open file is taken over.</summary>
    internal StoredChunk(FileStream file, long length, string entityTag)
    {
        _file = file;
        Length = length;
        EntityTag = entityTag;
    }

    /// <summary>Its bytes when they lie in memory, else null: then <see cref="OpenRead"/>.</summary>
    public ReadOnlyMemory<byte>? Memory { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Strong entity tag made from the content's SHA-256, quotes included.</summary>
    public string EntityTag { get; }

    /// <summary>A seekable stream over the bytes. Of a chunk on disk there is one stream, which the lease owns.</summary>
    public Stream OpenRead()
    {
        if (_file is not null)
        {
            return _file;
        }

        var memory = Memory.GetValueOrDefault();
        return System.Runtime.InteropServices.MemoryMarshal.TryGetArray(memory, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(memory.ToArray(), writable: false);
    }

    /// <summary>All bytes; what lies in memory may be used until this is disposed.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAllAsync(CancellationToken cancellationToken)
    {
        if (Memory is { } memory)
        {
            return memory;
        }

        var content = new byte[Length];
        await OpenRead().ReadExactlyAsync(content, cancellationToken);
        return content;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        if (Interlocked.Exchange(ref _held, null) is not { } held)
        {
            return;
        }

        if (_budget is null)
        {
            held.Free();
        }
        else
        {
            _budget.Release(held);
        }
    }
}
