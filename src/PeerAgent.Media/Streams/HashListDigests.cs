using System.Buffers.Binary;

namespace PeerAgent.Media.Streams;

/// <summary>The digests of the hash lists that are known, by the lists' own digests. Immutable.</summary>
internal sealed class HashListDigests
{
    /// <summary>None is known.</summary>
    internal static readonly HashListDigests None = new([]);

    private readonly Dictionary<(UInt128, UInt128), ChunkHashes> _byRoot;

    private HashListDigests(Dictionary<(UInt128, UInt128), ChunkHashes> byRoot) => _byRoot = byRoot;

    /// <summary>The digests of a list; null when they are not known, or there is no list.</summary>
    internal ChunkHashes? Find(HashList? list) =>
        list is null || _byRoot.Count == 0 ? null : _byRoot.GetValueOrDefault(KeyOf(list.Root));

    /// <summary>The same with one list more.</summary>
    internal HashListDigests With(ReadOnlyMemory<byte> root, ChunkHashes digests) =>
        new(new Dictionary<(UInt128, UInt128), ChunkHashes>(_byRoot) { [KeyOf(root)] = digests });

    /// <summary>Only those that a manifest still promises.</summary>
    internal HashListDigests PromisedBy(StreamInfo stream)
    {
        if (_byRoot.Count == 0)
        {
            return None;
        }

        var promised = stream.Clips.SelectMany(c => c.Components).SelectMany(c => c.Segments)
            .SelectMany(s => s.HashLists).Select(l => KeyOf(l.Root)).ToHashSet();
        return new(_byRoot.Where(d => promised.Contains(d.Key)).ToDictionary());
    }

    private static (UInt128 Head, UInt128 Tail) KeyOf(ReadOnlyMemory<byte> root) =>
        (BinaryPrimitives.ReadUInt128BigEndian(root.Span), BinaryPrimitives.ReadUInt128BigEndian(root.Span[16..]));
}
