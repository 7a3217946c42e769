using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Streams;

/// <summary>
/// Ties chunk names to chunks of a stream and back: the one place for that arithmetic. Made once a stream (and once a
/// window of a live one); immutable, safe to share.
/// </summary>
/// <remarks>
/// Reading is liberal: bare names, names behind the clip's name or its folder, any number of digits, any extension (it
/// only chooses between components of a clip), a missing level for level 0. Writing gives one canonical name a chunk.
/// The initialisation chunk of a level is the chunk 0 of a level of its own, with type <c>TYPE-init</c>; the hash list of a
/// level of a segment is a chunk of a level with type <c>TYPE-hashes</c>, numbered like the segment's first chunk.
/// </remarks>
public sealed class ChunkLayout
{
    /// <summary>Ending of the type of levels that hold an initialisation chunk.</summary>
    public const string InitSuffix = "-init";

    /// <summary>Ending of the type of levels that hold hash lists.</summary>
    public const string HashesSuffix = "-hashes";

    private readonly Dictionary<(string Clip, string Type), ComponentNames> _components = [];
    private readonly List<(Clip Clip, List<ComponentNames> Components)> _clips;
    private readonly ChunkResolver _resolver;
    private readonly HashListDigests _digests;

    /// <summary>Lays out a stream.</summary>
    public ChunkLayout(StreamInfo stream)
        : this(stream, HashListDigests.None)
    {
    }

    private ChunkLayout(StreamInfo stream, HashListDigests digests)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _digests = digests;
        Stream = stream;
        _clips = [.. stream.Clips.Select(c => (c, ComponentNames.Of(c)))];
        foreach (var names in _clips.SelectMany(c => c.Components))
        {
            _components.TryAdd((names.Clip.Name, names.Component.Type), names);
        }

        _resolver = new ChunkResolver(_clips, SegmentOf);
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
    public bool TryResolve(ReadOnlySpan<char> path, [NotNullWhen(true)] out ChunkId? chunk) =>
        _resolver.TryResolve(path, out chunk);

    /// <summary>True when the chunk is in the manifest (an initialisation chunk too).</summary>
    public bool Contains(ChunkId chunk) => SegmentOf(chunk) is not null;

    /// <summary>The canonical file name, for example <c>name-L0-00000.ts</c>.</summary>
    /// <exception cref="ArgumentException">The chunk is not in the stream.</exception>
    public string NameOf(ChunkId chunk)
    {
        var names = Require(chunk, out var segment);
        return LevelRoles.Of(chunk.Level, out _) switch
        {
            LevelRole.Init => names.Inits[chunk.Level.Level],
            LevelRole.Hashes => ListOf(segment, chunk.Level.Level).Name,
            _ => names.NameOf(chunk, segment),
        };
    }

    /// <summary>The path under which peers serve it: <c>/path/name/name-L0-00000.ts</c>, percent-encoded.</summary>
    /// <exception cref="ArgumentException">The chunk is not in the stream.</exception>
    public string PeerPathOf(ChunkId chunk)
    {
        var folder = string.Join('/', chunk.Level.Clip.Split('/').Select(Uri.EscapeDataString));
        return $"/{folder}/{Uri.EscapeDataString(NameOf(chunk))}";
    }

    /// <summary>SHA-256 that the manifest promises, by itself or by a hash list that is known; or null.</summary>
    public ReadOnlyMemory<byte>? HashOf(ChunkId chunk)
    {
        if (SegmentOf(chunk) is not { } segment)
        {
            return null;
        }

        var level = chunk.Level.Level;
        var hashes = segment.Hashes.GetValueOrDefault(level);
        switch (LevelRoles.Of(chunk.Level, out _))
        {
            case LevelRole.Init:
                return hashes?.Init ?? segment.HashListOf(level)?.Init;
            case LevelRole.Hashes:
                return ListOf(segment, level).Root;
        }

        hashes ??= _digests.Find(segment.HashListOf(level));
        var place = chunk.Index - segment.From;
        // A bare null would become an empty digest, by way of a null array.
        return place < hashes?.Count ? hashes[(int)place] : default(ReadOnlyMemory<byte>?);
    }

    /// <summary>
    /// The hash list that must be known (<see cref="WithDigests"/>) before the chunk can be verified, itself a chunk; null when
    /// none is missing.
    /// </summary>
    public ChunkId? MissingHashListOf(ChunkId chunk) =>
        SegmentOf(chunk) is { HashLists.Count: > 0 } segment
        && LevelRoles.Of(chunk.Level, out var type) == LevelRole.Media
        && segment.HashListOf(chunk.Level.Level) is { } list && _digests.Find(list) is null
            ? new ChunkId(chunk.Level with { Type = type + HashesSuffix }, segment.From)
            : null;

    /// <summary>Bytes of a hash list; null for any other chunk.</summary>
    public long? ListLengthOf(ChunkId chunk) =>
        LevelRoles.Of(chunk.Level, out _) == LevelRole.Hashes && SegmentOf(chunk) is { } segment
            ? (long)segment.Count * ChunkHashes.DigestLength
            : null;

    /// <summary>The layout with the digests of a hash list in it; null when the chunk is none or the content is not what the manifest promises.</summary>
    public ChunkLayout? WithDigests(ChunkId list, ReadOnlyMemory<byte> content) =>
        ListLengthOf(list) == content.Length && HashOf(list) is { } root && root.Span.SequenceEqual(SHA256.HashData(content.Span))
            ? new ChunkLayout(Stream, _digests.With(root, new ChunkHashes(content.ToArray(), null)))
            : null;

    /// <summary>The layout of another window or version of the stream; the hash lists that it still promises stay known.</summary>
    public ChunkLayout Of(StreamInfo next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new ChunkLayout(next, _digests.PromisedBy(next));
    }

    /// <summary>Media type by the chunk's extension, for example <c>video/mp2t</c>.</summary>
    /// <exception cref="ArgumentException">The chunk is not in the stream.</exception>
    public string ContentTypeOf(ChunkId chunk)
    {
        var names = Require(chunk, out var segment);
        return LevelRoles.Of(chunk.Level, out _) switch
        {
            LevelRole.Init => MediaTypes.Of(Path.GetExtension(names.Inits[chunk.Level.Level]).TrimStart('.'), names.Component.Type),
            LevelRole.Hashes => MediaTypes.Of("", names.Component.Type),
            _ => names.MediaTypeOf(segment),
        };
    }

    /// <summary>How long the chunk plays, or null when the manifest does not say, and for what is not media.</summary>
    public TimeSpan? DurationOf(ChunkId chunk) => IsMedia(chunk.Level) ? SegmentOf(chunk)?.ChunkDuration : null;

    /// <summary>True for a level of what is played; false for those of initialisation chunks and hash lists.</summary>
    public static bool IsMedia(LevelId level) => LevelRoles.Of(level.Type) == LevelRole.Media;

    /// <summary>
    /// The chunk that plays after this one: the next of its level, else the first of the same level (or the base level) in
    /// the clip that follows; null at the end, and for what is not media.
    /// </summary>
    public ChunkId? Following(ChunkId chunk)
    {
        if (SegmentOf(chunk) is not { } segment || !IsMedia(chunk.Level))
        {
            return null;
        }

        return chunk.Index < segment.To ? chunk with { Index = chunk.Index + 1 } : NextOf(chunk) ?? FirstAfter(chunk);
    }

    /// <summary>The first of the same level, or the base level, in the clip that follows.</summary>
    private ChunkId? FirstAfter(ChunkId chunk) => _clips
        .SkipWhile(c => c.Clip.Name != chunk.Level.Clip)
        .Skip(1)
        .Take(1)
        .Select(c => FirstOf(chunk.Level with { Clip = c.Clip.Name }) ?? FirstOf(new LevelId(c.Clip.Name, chunk.Level.Type, 0)))
        .FirstOrDefault();

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

    private static HashList ListOf(Segment segment, int level) => segment.HashLists.First(l => l.Level == level);

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

        foreach (var (segment, list) in names.Lists.All)
        {
            yield return new LevelRange(new LevelId(clip, component.Type + HashesSuffix, list.Level), segment.From, 1);
        }
    }

    private Segment? SegmentOf(ChunkId chunk)
    {
        var level = chunk.Level.Level;
        if (chunk.Level.Clip is null || chunk.Level.Type is null || level < 0)
        {
            return null;
        }

        var role = LevelRoles.Of(chunk.Level, out var type);
        if (!_components.TryGetValue((chunk.Level.Clip, type), out var found))
        {
            return null;
        }

        if (role == LevelRole.Media)
        {
            return found.Component.Find(chunk.Index) is { } segment && level < segment.Levels ? segment : null;
        }

        return role == LevelRole.Init ? SegmentOfInit(found, level, chunk.Index) : SegmentOfList(found, level, chunk.Index);
    }

    private static Segment? SegmentOfInit(ComponentNames names, int level, long index) =>
        index == 0 && level < names.Inits.Count ? names.Component.Segments.First(s => level < s.Levels) : null;

    private static Segment? SegmentOfList(ComponentNames names, int level, long index) => names.Component.Segments.FirstOrDefault(
        s => s.From == index && level < s.Levels && s.HashLists.Any(l => l.Level == level));

    private ComponentNames Require(ChunkId chunk, out Segment segment)
    {
        segment = SegmentOf(chunk) ?? throw new ArgumentException($"{chunk} is not in the stream.", nameof(chunk));
        _ = LevelRoles.Of(chunk.Level, out var type);
        return _components[(chunk.Level.Clip, type)];
    }
}
