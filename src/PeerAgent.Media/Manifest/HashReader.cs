using PeerAgent.Media.Streams;

namespace PeerAgent.Media.Manifest;

/// <summary>Reads our additions <c>x:ChunkHashes</c> and <c>x:HashList</c>.</summary>
internal static class HashReader
{
    internal const string Algorithm = "sha-256";

    /// <summary>Digests by level.</summary>
    internal static IReadOnlyDictionary<int, ChunkHashes> ReadHashes(ManifestElement element, Segment segment)
    {
        var hashes = new Dictionary<int, ChunkHashes>();
        foreach (var child in element.Children(segment.Levels, "ChunkHashes"))
        {
            var level = ReadLevel(child, segment);
            var digests = child.Value.Base64((long)segment.Count * ChunkHashes.DigestLength);
            if (!hashes.TryAdd(level, new ChunkHashes(digests, child.Attribute("init")?.Base64(ChunkHashes.DigestLength))))
            {
                throw child.Error($"there are two 'ChunkHashes' for level {level}; one was expected");
            }
        }

        return hashes;
    }

    /// <summary>Lists of digests, one a level at most, none called like another one of the component.</summary>
    internal static IReadOnlyList<HashList> ReadLists(ManifestElement element, Segment segment, HashSet<string> names)
    {
        var lists = new List<HashList>();
        foreach (var child in element.Children(segment.Levels, "HashList"))
        {
            var level = ReadLevel(child, segment);
            if (lists.Exists(l => l.Level == level))
            {
                throw child.Error($"there are two 'HashList' for level {level}; one was expected");
            }

            var root = child.Required("root").Base64(ChunkHashes.DigestLength);
            var name = child.Required("name");
            if (!names.Add(name.FileName()))
            {
                throw name.Error($"two 'HashList' are called '{ManifestValue.Shown(name.Text)}'; a name of its own was expected for each");
            }

            lists.Add(new HashList(
                level,
                root,
                name.Text,
                child.Attribute("init") is { } init ? init.Base64(ChunkHashes.DigestLength) : default(ReadOnlyMemory<byte>?)));
        }

        return lists;
    }

    private static int ReadLevel(ManifestElement element, Segment segment)
    {
        if (element.Attribute("algorithm") is { } algorithm && !algorithm.Text.Equals(Algorithm, StringComparison.OrdinalIgnoreCase))
        {
            throw algorithm.Expected($"'{Algorithm}'");
        }

        return (int?)element.Attribute("level")?.Number(0, segment.Levels - 1) ?? 0;
    }
}
