namespace PeerAgent.Media.Streams;

/// <summary>The names of a component's hash lists, and which segment and level each is for.</summary>
internal sealed class HashListNames
{
    private readonly Dictionary<string, (Segment Segment, HashList List)>.AlternateLookup<ReadOnlySpan<char>> _byName;

    private HashListNames(Component component)
    {
        All = [.. component.Segments.SelectMany(s => s.HashLists.Where(l => l.Level < s.Levels).Select(l => (s, l)))];
        var byName = new Dictionary<string, (Segment, HashList)>(StringComparer.Ordinal);
        foreach (var one in All)
        {
            byName.TryAdd(one.List.Name, one);
        }

        _byName = byName.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>All of them.</summary>
    internal IReadOnlyList<(Segment Segment, HashList List)> All { get; }

    internal static HashListNames Of(Component component) => new(component);

    /// <summary>Which list has that name, as level and number of its chunk; or null.</summary>
    internal (int Level, long Index)? Find(ReadOnlySpan<char> file) =>
        _byName.TryGetValue(file, out var found) ? (found.List.Level, found.Segment.From) : null;
}
