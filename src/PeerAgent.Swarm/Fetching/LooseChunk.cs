using System.Security.Cryptography;
using PeerAgent.Media.Store;

namespace PeerAgent.Swarm.Fetching;

/// <summary>A chunk that was fetched but that the store does not hold.</summary>
internal static class LooseChunk
{
    /// <summary>The chunk with the entity tag that the store would have given it.</summary>
    public static StoredChunk Of(ReadOnlyMemory<byte> content) =>
        new(content, $"\"{Convert.ToHexStringLower(SHA256.HashData(content.Span).AsSpan(0, 16))}\"");
}
