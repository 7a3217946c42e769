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

    private readonly Dictionary<(string Clip, string Type), (Clip Clip, Component Component, InitNames Inits)> _components = [];

    /// <summary>Lays out a stream.</summary>
    public ChunkLayout(StreamInfo stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Stream = stream;
        foreach (var clip in stream.Clips)
        {
            foreach (var component in clip.Components)
            {
                _components.TryAdd((clip.Name, component.Type), (clip, component, InitNames.Of(component)));
            }
        }

        Levels = [.. stream.Clips.SelectMany(LevelsOf)];
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
        foreach (var clip in Stream.Clips)
        {
            var isExact = slash >= 0 && folder.SequenceEqual(clip.Name);
            if ((!isExact && slash >= 0 && !IsParent(clip, folder)) || Find(clip, file, name) is not { } found)
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
        if (Require(chunk, out var clip, out var segment) is { } init)
        {
            return init;
        }

        var kind = KindOf(clip, chunk.Level.Type, segment);
        return ChunkName.Create(
            clip.ContentId, segment.Views, kind, kind == LevelKind.None ? 0 : chunk.Level.Level, chunk.Index,
            ExtensionOf(clip, chunk.Level.Type, segment)).ToString();
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
        var extension = Require(chunk, out var clip, out var segment) is { } init
            ? init[(init.LastIndexOf('.') + 1)..]
            : ExtensionOf(clip, chunk.Level.Type, segment);
        return MediaTypes.Of(extension, chunk.Level.Type);
    }

    /// <summary>How long the chunk plays, or null when the manifest does not say, and for an initialisation chunk.</summary>
    public TimeSpan? DurationOf(ChunkId chunk) => IsInit(chunk.Level, out _) ? null : SegmentOf(chunk)?.ChunkDuration;

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

    /// <summary>How names carry the level. The codec's word is about the picture; sound has levels only if the manifest says so.</summary>
    private static LevelKind KindOf(Clip clip, string type, Segment segment) =>
        HasCodec(clip, type, "MDC") ? LevelKind.Description
        : segment.HasLevels || HasCodec(clip, type, "SVC") ? LevelKind.Layer
        : LevelKind.None;

    private static string ExtensionOf(Clip clip, string type, Segment segment) =>
        segment.Extension is { } given ? given
        : HasCodec(clip, type, "MDC") ? "h264"
        : HasCodec(clip, type, "SVC") ? "264"
        : type switch { "audio" => "m4a", "text" => "vtt", _ => "mp4" };

    private static bool HasCodec(Clip clip, string type, string codec) =>
        type == "video" && codec.Equals(clip.Video?.Codec, StringComparison.OrdinalIgnoreCase);

    private IEnumerable<LevelRange> LevelsOf(Clip clip)
    {
        foreach (var component in clip.Components)
        {
            for (var level = 0; level < component.Levels; level++)
            {
                var id = new LevelId(clip.Name, component.Type, level);
                foreach (var segment in component.Segments.Where(s => level < s.Levels))
                {
                    yield return new LevelRange(id, segment.From, segment.Count);
                }
            }

            var inits = _components[(clip.Name, component.Type)].Inits.Count;
            for (var level = 0; level < inits; level++)
            {
                yield return new LevelRange(new LevelId(clip.Name, component.Type + InitSuffix, level), 0, 1);
            }
        }
    }

    private ChunkId? Find(Clip clip, ReadOnlySpan<char> file, ChunkName? name)
    {
        foreach (var component in clip.Components)
        {
            if (_components[(clip.Name, component.Type)].Inits.Find(file) is { } level)
            {
                return InitOf(clip, component, level);
            }
        }

        if (name is null)
        {
            return null;
        }

        if (name.ContentId == clip.ContentId)
        {
            var id = new ChunkId(new LevelId(clip.Name, Choose(clip, name.Extension).Type, name.Level), name.Index);
            return SegmentOf(id) is { } segment && (name.Views ?? segment.Views) == (segment.Views ?? name.Views) ? id : null;
        }

        foreach (var component in clip.Components)
        {
            if (_components[(clip.Name, component.Type)].Inits.FindLike(name) is { } level)
            {
                return InitOf(clip, component, level);
            }
        }

        return null;
    }

    private static ChunkId InitOf(Clip clip, Component component, int level) =>
        new(new LevelId(clip.Name, component.Type + InitSuffix, level), 0);

    /// <summary>The component that the extension means: the one that has it, else by what such files hold, else the first.</summary>
    private static Component Choose(Clip clip, string extension)
    {
        if (clip.Components.Count == 1)
        {
            return clip.Components[0];
        }

        return clip.Components.FirstOrDefault(c => c.Segments.Any(s =>
                ExtensionOf(clip, c.Type, s).Equals(extension, StringComparison.OrdinalIgnoreCase)))
            ?? clip.Components.FirstOrDefault(c => c.Type == MediaTypes.KindOf(extension))
            ?? clip.Components[0];
    }

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

    /// <summary>The name of an initialisation chunk; null for any other, whose clip and segment these are.</summary>
    private string? Require(ChunkId chunk, out Clip clip, out Segment segment)
    {
        segment = SegmentOf(chunk) ?? throw new ArgumentException($"{chunk} is not in the stream.", nameof(chunk));
        var isInit = IsInit(chunk.Level, out var type);
        (clip, _, var inits) = _components[(chunk.Level.Clip, type)];
        return isInit ? inits[chunk.Level.Level] : null;
    }
}
