using System.Diagnostics.CodeAnalysis;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Streams;

/// <summary>
/// Ties chunk names to chunks of a stream and back: the one place for that arithmetic. Made once a stream (and once a
/// window of a live one); immutable, safe to share.
/// </summary>
/// <remarks>
/// Reading is liberal: bare names, names behind the clip's name or its folder, any number of digits, any extension (it
/// only chooses between components of a clip), a missing level for level 0. Writing gives one canonical name a chunk.
/// The initialisation chunk of a level is the chunk 0 of a level of its own, with type <c>TYPE-init</c>.
/// </remarks>
public sealed class ChunkLayout
{
    /// <summary>Ending of the type of levels that hold an initialisation chunk.</summary>
    public const string InitSuffix = "-init";

    private readonly Dictionary<(string Clip, string Type), ComponentNames> _components = [];
    private readonly List<(Clip Clip, List<ComponentNames> Components)> _clips;

    /// <summary>Lays out a stream.</summary>
    public ChunkLayout(StreamInfo stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Stream = stream;
        _clips = [.. stream.Clips.Select(c => (c, ComponentNames.Of(c)))];
        foreach (var names in _clips.SelectMany(c => c.Components))
        {
            _components.TryAdd((names.Clip.Name, names.Component.Type), names);
        }

        Levels = [.. _clips.SelectMany(c => c.Components).SelectMany(LevelsOf)];
        ChunkCount = Levels.Sum(l => (long)l.Count);
    }

    /// <summary>The stream.</summary>
    public StreamInfo Stream { get; }

    /// <summary>Every level with its ranges (first chunk, number of chunks), initialisation levels included.</summary>
    public IReadOnlyList<LevelRange> Levels { get; }

    /// <summary>Number of all chunks, initialisation chunks included.</summary>
    public long ChunkCount { get; }

    /// <summary>
    /// Finds the chunk that a path names: <c>name-L0-00000.ts</c>, <c>path/name-L0-00000.ts</c> or
    /// <c>path/name/name-L0-00000.ts</c>; percent-decoded, without a leading slash. False when the stream has no such
    /// chunk, or when the name fits several clips and the path is not that of one of them.
    /// </summary>
    public bool TryResolve(ReadOnlySpan<char> path, [NotNullWhen(true)] out ChunkId? chunk)
    {
        chunk = null;
        var slash = path.LastIndexOf('/');
        var folder = slash < 0 ? default : path[..slash];
        var file = path[(slash + 1)..];
        var isAmbiguous = false;
        _ = ChunkName.TryParse(file, out var name);
        foreach (var (clip, components) in _clips)
        {
            var isExact = slash >= 0 && folder.SequenceEqual(clip.Name);
            if ((!isExact && slash >= 0 && !IsParent(clip, folder)) || Find(components, file, name) is not { } found)
            {
                continue;
            }

            if (isExact)
            {
                chunk = found;
                return true;
            }

            isAmbiguous |= chunk is not null;
            chunk = found;
        }

        chunk = isAmbiguous ? null : chunk;
        return chunk is not null;
    }

    /// <summary>True when the chunk is in the manifest (an initialisation chunk too).</summary>
    public bool Contains(ChunkId chunk) => SegmentOf(chunk) is not null;

    /// <summary>The canonical file name, for example <c>name-L0-00000.ts</c>.</summary>
    /// <exception cref="ArgumentException">The chunk is not in the stream.</exception>
    public string NameOf(ChunkId chunk)
    {
        var names = Require(chunk, out var segment);
        return IsInit(chunk.Level, out _) ? names.Inits[chunk.Level.Level] : names.NameOf(chunk, segment);
    }

    /// <summary>The path under which peers serve it: <c>/path/name/name-L0-00000.ts</c>, percent-encoded.</summary>
    /// <exception cref="ArgumentException">The chunk is not in the stream.</exception>
    public string PeerPathOf(ChunkId chunk)
    {
        var folder = string.Join('/', chunk.Level.Clip.Split('/').Select(Uri.EscapeDataString));
        return $"/{folder}/{Uri.EscapeDataString(NameOf(chunk))}";
    }

    /// <summary>SHA-256 that the manifest promises, or null.</summary>
    public ReadOnlyMemory<byte>? HashOf(ChunkId chunk)
    {
        if (SegmentOf(chunk) is not { } segment || !segment.Hashes.TryGetValue(chunk.Level.Level, out var hashes))
        {
            return null;
        }

        if (IsInit(chunk.Level, out _))
        {
            return hashes.Init;
        }

        var place = chunk.Index - segment.From;
        // A bare null would become an empty digest, by way of a null array.
        return place < hashes.Count ? hashes[(int)place] : default(ReadOnlyMemory<byte>?);
    }

    /// <summary>Media type by the chunk's extension, for example <c>video/mp2t</c>.</summary>
    /// <exception cref="ArgumentException">The chunk is not in the stream.</exception>
    public string ContentTypeOf(ChunkId chunk)
    {
        var names = Require(chunk, out var segment);
        return IsInit(chunk.Level, out _)
            ? MediaTypes.Of(Path.GetExtension(names.Inits[chunk.Level.Level]).TrimStart('.'), names.Component.Type)
            : names.MediaTypeOf(segment);
    }

    /// <summary>How long the chunk plays, or null when the manifest does not say, and for an initialisation chunk.</summary>
    public TimeSpan? DurationOf(ChunkId chunk) => IsInit(chunk.Level, out _) ? null : SegmentOf(chunk)?.ChunkDuration;

    /// <summary>
    /// The chunk that plays after this one: the next of its level, else the first of the same level (or the base level) in
    /// the clip that follows; null at the end, and for an initialisation chunk.
    /// </summary>
    public ChunkId? Following(ChunkId chunk)
    {
        if (SegmentOf(chunk) is null || IsInit(chunk.Level, out _))
        {
            return null;
        }

        return NextOf(chunk) ?? _clips
            .SkipWhile(c => c.Clip.Name != chunk.Level.Clip)
            .Skip(1)
            .Take(1)
            .Select(c => FirstOf(chunk.Level with { Clip = c.Clip.Name }) ?? FirstOf(new LevelId(c.Clip.Name, chunk.Level.Type, 0)))
            .FirstOrDefault();
    }

    private ChunkId? NextOf(ChunkId chunk)
    {
        var component = _components[(chunk.Level.Clip, chunk.Level.Type)].Component;
        foreach (var segment in component.Segments.Where(s => s.To > chunk.Index && chunk.Level.Level < s.Levels))
        {
            return chunk with { Index = Math.Max(segment.From, chunk.Index + 1) };
        }

        return null;
    }

    private ChunkId? FirstOf(LevelId level) =>
        _components.TryGetValue((level.Clip, level.Type), out var names)
        && names.Component.Segments.FirstOrDefault(s => level.Level < s.Levels) is { } segment
            ? new ChunkId(level, segment.From)
            : null;

    /// <summary>True for the level that holds an initialisation chunk; <paramref name="type"/> is the component's own type.</summary>
    private static bool IsInit(LevelId level, out string type)
    {
        var isInit = level.Type.EndsWith(InitSuffix, StringComparison.Ordinal);
        type = isInit ? level.Type[..^InitSuffix.Length] : level.Type;
        return isInit;
    }

    private static bool IsParent(Clip clip, ReadOnlySpan<char> folder)
    {
        var slash = clip.Name.LastIndexOf('/');
        return slash >= 0 && folder.SequenceEqual(clip.Name.AsSpan(0, slash));
    }

    private static IEnumerable<LevelRange> LevelsOf(ComponentNames names)
    {
        var (clip, component) = (names.Clip.Name, names.Component);
        for (var level = 0; level < component.Levels; level++)
        {
            var id = new LevelId(clip, component.Type, level);
            foreach (var segment in component.Segments.Where(s => level < s.Levels))
            {
                yield return new LevelRange(id, segment.From, segment.Count);
            }
        }

        for (var level = 0; level < names.Inits.Count; level++)
        {
            yield return new LevelRange(new LevelId(clip, component.Type + InitSuffix, level), 0, 1);
        }
    }

    private ChunkId? Find(List<ComponentNames> components, ReadOnlySpan<char> file, ChunkName? name)
    {
        foreach (var component in components)
        {
            if (component.Inits.Find(file) is { } level)
            {
                return InitOf(component, level);
            }
        }

        if (name is null)
        {
            return null;
        }

        var clip = components[0].Clip;
        if (name.ContentId == clip.ContentId)
        {
            var type = Choose(components, name.Extension).Component.Type;
            var id = new ChunkId(new LevelId(clip.Name, type, name.Level), name.Index);
            return SegmentOf(id) is { } segment && (name.Views ?? segment.Views) == (segment.Views ?? name.Views) ? id : null;
        }

        foreach (var component in components)
        {
            if (component.Inits.FindLike(name) is { } level)
            {
                return InitOf(component, level);
            }
        }

        return null;
    }

    private static ChunkId InitOf(ComponentNames names, int level) =>
        new(new LevelId(names.Clip.Name, names.Component.Type + InitSuffix, level), 0);

    /// <summary>The component that the extension means: the one that has it, else by what such files hold, else the first.</summary>
    private static ComponentNames Choose(List<ComponentNames> components, string extension) =>
        components.Count == 1
            ? components[0]
            : components.Find(c => c.HasExtension(extension))
                ?? components.Find(c => c.Component.Type == MediaTypes.KindOf(extension))
                ?? components[0];

    private Segment? SegmentOf(ChunkId chunk)
    {
        var level = chunk.Level.Level;
        if (chunk.Level.Clip is null || chunk.Level.Type is null || level < 0)
        {
            return null;
        }

        var isInit = IsInit(chunk.Level, out var type);
        if (!_components.TryGetValue((chunk.Level.Clip, type), out var found))
        {
            return null;
        }

        if (isInit)
        {
            return chunk.Index == 0 && level < found.Inits.Count ? found.Component.Segments.First(s => level < s.Levels) : null;
        }

        return found.Component.Find(chunk.Index) is { } segment && level < segment.Levels ? segment : null;
    }

    private ComponentNames Require(ChunkId chunk, out Segment segment)
    {
        segment = SegmentOf(chunk) ?? throw new ArgumentException($"{chunk} is not in the stream.", nameof(chunk));
        IsInit(chunk.Level, out var type);
        return _components[(chunk.Level.Clip, type)];
    }
}
