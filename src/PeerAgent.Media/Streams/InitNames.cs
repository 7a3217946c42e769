using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Streams;

/// <summary>
/// The names of a component's initialisation chunks. A name with a level part stands for every level, the number replaced
/// by the level's; any other name is that of one chunk, which all levels share.
/// </summary>
internal sealed class InitNames
{
    private readonly string[] _names;
    private readonly ChunkName? _pattern;

    private InitNames(string[] names, ChunkName? pattern)
    {
        _names = names;
        _pattern = pattern;
    }

    /// <summary>Number of initialisation chunks: the levels 0 to Count - 1.</summary>
    internal int Count => _names.Length;

    internal string this[int level] => _names[level];

    /// <summary>The names for a component, none when it has no initialisation chunks.</summary>
    internal static InitNames Of(Component component)
    {
        var given = component.Segments.FirstOrDefault(s => s.Init is not null)?.Init;
        _ = ChunkName.TryParse(given, out var pattern);
        return new InitNames(
            given is null ? []
            : pattern is null || pattern.Kind == LevelKind.None ? [given]
            : [.. Enumerable.Range(0, component.Levels).Select(level =>
                ChunkName.Create(pattern.ContentId, pattern.Views, pattern.Kind, level, pattern.Index, pattern.Extension).ToString())],
            pattern);
    }

    /// <summary>Which chunk has exactly that name, or null.</summary>
    internal int? Find(ReadOnlySpan<char> file)
    {
        for (var level = 0; level < _names.Length; level++)
        {
            if (file.SequenceEqual(_names[level]))
            {
                return level;
            }
        }

        return null;
    }

    /// <summary>Which chunk has that name but for the number of digits and the extension, or null.</summary>
    internal int? FindLike(ChunkName name) =>
        _pattern is not null
        && name.ContentId == _pattern.ContentId && name.Kind == _pattern.Kind
        && name.Views == _pattern.Views && name.Index == _pattern.Index && name.Level < Count
            ? name.Level
            : null;
}
