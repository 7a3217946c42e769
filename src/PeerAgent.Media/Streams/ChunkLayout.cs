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

    private readonly Dictionary<(string Clip, string Type), (Clip Clip, Component Component)> _components = [];

    /// <summary>Lays out a stream.</summary>
    public ChunkLayout(StreamInfo stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Stream = stream;
        foreach (var clip in stream.Clips)
        {
            foreach (var component in clip.Components)
            {
                _components.TryAdd((clip.Name, component.Type), (clip, component));
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
    /// chunk, or when a bare name fits several clips.
    /// </summary>
    public bool TryResolve(ReadOnlySpan<char> path, [NotNullWhen(true)] out ChunkId? chunk)
    {
        chunk = null;
        var slash = path.LastIndexOf('/');
        var folder = slash < 0 ? default : path[..slash];
        var file = path[(slash + 1)..];
        _ = ChunkName.TryParse(file, out var name);
        foreach (var clip in Stream.Clips)
        {
            if (!IsIn(clip, folder, slash >= 0) || Find(clip, file, name) is not { } found)
            {
                continue;
            }

            if (chunk is not null)
            {
                chunk = null;
                return false;
            }

            chunk = found;
        }

        return chunk is not null;
    }

    /// <summary>True when the chunk is in the manifest (an initialisation chunk too).</summary>
    public bool Contains(ChunkId chunk) => SegmentOf(chunk) is not null;

    /// <summary>The canonical file name, for example <c>name-L0-00000.ts</c>.</summary>
    /// <exception cref="ArgumentException">The chunk is not in the stream.</exception>
    public string NameOf(ChunkId chunk)
    {
        var (clip, segment) = Require(chunk);
        if (IsInit(chunk.Level, out _))
        {
            return InitNameOf(segment, chunk.Level.Level);
        }

        var kind = KindOf(clip, segment);
        return ChunkName.Create(
            clip.ContentId, segment.Views, kind, kind == LevelKind.None ? 0 : chunk.Level.Level, chunk.Index, ExtensionOf(clip, chunk.Level.Type, segment)).ToString();
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
        return place < hashes.Count ? hashes[(int)place] : null;
    }

    /// <summary>Media type by the chunk's extension, for example <c>video/mp2t</c>.</summary>
    /// <exception cref="ArgumentException">The chunk is not in the stream.</exception>
    public string ContentTypeOf(ChunkId chunk)
    {
        var name = NameOf(chunk);
        return MediaTypes.Of(name[(name.LastIndexOf('.') + 1)..], chunk.Level.Type);
    }

    /// <summary>How long the chunk plays, or null when the manifest does not say.</summary>
    public TimeSpan? DurationOf(ChunkId chunk) => SegmentOf(chunk)?.ChunkDuration;

    /// <summary>True for the level that holds an initialisation chunk; <paramref name="type"/> is the component's own type.</summary>
    private static bool IsInit(LevelId level, out string type)
    {
        var isInit = level.Type.EndsWith(InitSuffix, StringComparison.Ordinal);
        type = isInit ? level.Type[..^InitSuffix.Length] : level.Type;
        return isInit;
    }

    private static bool IsIn(Clip clip, ReadOnlySpan<char> folder, bool hasFolder)
    {
        if (!hasFolder || folder.SequenceEqual(clip.Name))
        {
            return true;
        }

        var slash = clip.Name.LastIndexOf('/');
        return slash >= 0 && folder.SequenceEqual(clip.Name.AsSpan(0, slash));
    }

    private static LevelKind KindOf(Clip clip, Segment segment)
    {
        var codec = clip.Video?.Codec ?? "";
        if (codec.Equals("MDC", StringComparison.OrdinalIgnoreCase))
        {
            return LevelKind.Description;
        }

        return segment.HasLevels || codec.Equals("SVC", StringComparison.OrdinalIgnoreCase) ? LevelKind.Layer : LevelKind.None;
    }

    private static string ExtensionOf(Clip clip, string type, Segment segment)
    {
        if (segment.Extension is { } given)
        {
            return given;
        }

        return type == "audio" ? "m4a" : KindOf(clip, segment) switch
        {
            LevelKind.Description => "h264",
            LevelKind.Layer when (clip.Video?.Codec ?? "").Equals("SVC", StringComparison.OrdinalIgnoreCase) => "264",
            _ => "mp4",
        };
    }

    private static string InitNameOf(Segment segment, int level) =>
        ChunkName.TryParse(segment.Init, out var name) && name.Kind != LevelKind.None
            ? ChunkName.Create(name.ContentId, name.Views, name.Kind, level, name.Index, name.Extension).ToString()
            : segment.Init!;

    /// <summary>True when each level has an initialisation chunk of its own.</summary>
    private static bool HasInitPerLevel(Segment segment) => ChunkName.TryParse(segment.Init, out var name) && name.Kind != LevelKind.None;

    private static IEnumerable<LevelRange> LevelsOf(Clip clip)
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

            var first = component.Segments[0];
            var inits = first.Init is null ? 0 : HasInitPerLevel(first) ? first.Levels : 1;
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
            var first = component.Segments[0];
            if (first.Init is null)
            {
                continue;
            }

            var levels = HasInitPerLevel(first) ? first.Levels : 1;
            for (var level = 0; level < levels; level++)
            {
                if (file.SequenceEqual(InitNameOf(first, level)))
                {
                    return new ChunkId(new LevelId(clip.Name, component.Type + InitSuffix, level), 0);
                }
            }
        }

        if (name is null || name.ContentId != clip.ContentId)
        {
            return null;
        }

        var chosen = Choose(clip, name.Extension);
        var id = new ChunkId(new LevelId(clip.Name, chosen.Type, name.Level), name.Index);
        return Contains(id) ? id : null;
    }

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
        if (chunk.Level.Clip is null || chunk.Level.Type is null)
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
            var first = found.Component.Segments[0];
            var levels = first.Init is null ? 0 : HasInitPerLevel(first) ? first.Levels : 1;
            return chunk.Index == 0 && chunk.Level.Level >= 0 && chunk.Level.Level < levels ? first : null;
        }

        return found.Component.Find(chunk.Index) is { } segment && chunk.Level.Level >= 0 && chunk.Level.Level < segment.Levels
            ? segment
            : null;
    }

    private (Clip Clip, Segment Segment) Require(ChunkId chunk)
    {
        IsInit(chunk.Level, out var type);
        return SegmentOf(chunk) is { } segment
            ? (_components[(chunk.Level.Clip, type)].Clip, segment)
            : throw new ArgumentException($"{chunk} is not in the stream.", nameof(chunk));
    }
}
