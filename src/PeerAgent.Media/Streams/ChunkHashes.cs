namespace PeerAgent.Media.Streams;

/// <summary>SHA-256 digests of the chunks of one level of a segment (our addition <c>x:ChunkHashes</c>).</summary>
public sealed class ChunkHashes
{
    /// <summary>Bytes of one digest.</summary>
    public const int DigestLength = 32;

    private readonly byte[] _digests;

    /// <summary>Takes the digests over.</summary>
    /// <param name="digests">One digest a chunk, in order, one after the other.</param>
    /// <param name="init">Digest of the level's initialisation chunk, or null.</param>
    /// <exception cref="ArgumentException">The length is no multiple of <see cref="DigestLength"/>.</exception>
    public ChunkHashes(byte[] digests, byte[]? init)
    {
        ArgumentNullException.ThrowIfNull(digests);
        if (digests.Length % DigestLength != 0 || (init is not null && init.Length != DigestLength))
        {
            throw new ArgumentException($"A digest has {DigestLength} bytes.", nameof(digests));
        }

        _digests = digests;
        if (init is not null)
        {
            // Null itself would become an empty digest rather than none.
            Init = init;
        }
    }

    /// <summary>How many chunks have a digest.</summary>
    public int Count => _digests.Length / DigestLength;

    /// <summary>Digest of the level's initialisation chunk, or null.</summary>
    public ReadOnlyMemory<byte>? Init { get; }

    /// <summary>All digests, one after the other.</summary>
    public ReadOnlyMemory<byte> All => _digests;

    /// <summary>Digest of the chunk at a place in the segment, counted from 0.</summary>
    public ReadOnlyMemory<byte> this[int place] => _digests.AsMemory(place * DigestLength, DigestLength);
}
