using PeerAgent.Media.Store;
using Ppsp.Protocol.Chunks;
using Storm.Tests.Films;
using Storm.Tests.Network;
using Storm.Tests.Scenes;

namespace Storm.Tests.Checks;

/// <summary>Whether bytes are what a chunk may be.</summary>
internal static class Bytes
{
    private const int LongestCut = 189;

    /// <summary>Null, or what is wrong with a chunk of the store.</summary>
    /// <param name="stage">Where it happens.</param>
    /// <param name="film">The film.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="stored">The chunk as it was handed out; not disposed here.</param>
    public static async Task<string?> TroubleAsync(Stage stage, Film film, ChunkId chunk, StoredChunk stored)
    {
        if (stored.Memory is { } memory)
        {
            return Trouble(film, chunk, memory.Span, isWhole: true, stage.Network.Senders);
        }

        var bytes = new MemoryStream();
        await stored.OpenRead().CopyToAsync(bytes);

        // What is read straight from its file is right unless the file was changed since it was written or last checked.
        return stage.Disk.IsDamagedFor(chunk.Index) ? null : Trouble(film, chunk, bytes.ToArray(), isWhole: true, stage.Network.Senders);
    }

    /// <summary>Null, or what is wrong.</summary>
    /// <param name="film">The film.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="bytes">What came, whole or the beginning.</param>
    /// <param name="isWhole">True when nothing more comes.</param>
    /// <param name="peers">Who may have sent it.</param>
    public static string? Trouble(Film film, ChunkId chunk, ReadOnlySpan<byte> bytes, bool isWhole, IReadOnlyCollection<FarPeer> peers)
    {
        var right = film.BytesOf(chunk).AsSpan();
        if (isWhole && right.SequenceEqual(bytes))
        {
            return null;
        }

        if (film.HasHash(chunk))
        {
            return Difference(right, bytes);
        }

        if (bytes.Length > right.Length || (isWhole && bytes.Length < right.Length && bytes.Length >= LongestCut))
        {
            return $"{bytes.Length} bytes in place of {right.Length}, which no peer sends";
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            var (place, value) = (i, bytes[i]);
            if (value != right[i] && !peers.Any(p => p.LieAt(film, chunk) == (place, value)))
            {
                return $"byte {i} is {value:x2} in place of {right[i]:x2}, which no peer sends";
            }
        }

        return null;
    }

    private static string Difference(ReadOnlySpan<byte> right, ReadOnlySpan<byte> bytes) => bytes.Length == right.Length
        ? $"byte {right.CommonPrefixLength(bytes)} is wrong although the chunk has a hash"
        : $"{bytes.Length} bytes in place of {right.Length} although the chunk has a hash";
}
