namespace PeerAgent.Media.Store;

/// <summary>A whole, verified chunk, leased from the store; stays readable until disposed even if it is evicted meanwhile.</summary>
public sealed class StoredChunk : IDisposable
{
    /// <summary>A chunk that lies in memory.</summary>
    public StoredChunk(ReadOnlyMemory<byte> content, string entityTag)
    {
        Memory = content;
        Length = content.Length;
        EntityTag = entityTag;
    }

    /// <summary>Its bytes when they lie in memory, else null: then <see cref="OpenRead"/>.</summary>
    public ReadOnlyMemory<byte>? Memory { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Strong entity tag made from the content's SHA-256, quotes included.</summary>
    public string EntityTag { get; }

    /// <summary>A seekable stream over the bytes; the caller disposes it.</summary>
    public Stream OpenRead() => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
