using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Streams;

/// <summary>How the chunks of one component of a clip are named (draft-cruz-ppsp-http-tracker-protocol-01, section 3.6).</summary>
internal sealed class ComponentNames
{
    private const string Video = "video";

    private readonly string? _distinction;

    private ComponentNames(Clip clip, Component component, string? distinction)
    {
        Clip = clip;
        Component = component;
        Inits = InitNames.Of(component);
        Lists = HashListNames.Of(component);
        _distinction = distinction;
    }

    internal Clip Clip { get; }

    internal Component Component { get; }

    internal InitNames Inits { get; }

    internal HashListNames Lists { get; }

    /// <summary>
    /// The names for each component of a clip. Only the extension tells components apart: one that shares it with an earlier
    /// one gets an extension made from its type.
    /// </summary>
    internal static List<ComponentNames> Of(Clip clip)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var all = new List<ComponentNames>();
        foreach (var component in clip.Components)
        {
            var own = component.Segments.Select(s => DefaultExtension(clip, component, s)).Distinct().ToList();
            var distinction = own.Exists(taken.Contains) ? Distinguish(component.Type, taken) : null;
            taken.UnionWith(distinction is null ? own : [distinction]);
            all.Add(new ComponentNames(clip, component, distinction));
        }

        return all;
    }

    internal string NameOf(ChunkId chunk, Segment segment)
    {
        var kind = KindOf(Clip, Component, segment);
        var level = kind == LevelKind.None ? 0 : chunk.Level.Level;
        return ChunkName.Create(Clip.ContentId, segment.Views, kind, level, chunk.Index, ExtensionOf(segment)).ToString();
    }

    internal string MediaTypeOf(Segment segment) => MediaTypes.Of(DefaultExtension(Clip, Component, segment), Component.Type);

    internal bool HasExtension(string extension) =>
        Component.Segments.Any(s => ExtensionOf(s).Equals(extension, StringComparison.OrdinalIgnoreCase));

    private string ExtensionOf(Segment segment) => _distinction ?? DefaultExtension(Clip, Component, segment);

    /// <summary>How names carry the level. The codec's word is about the picture; sound has levels only if the manifest says so.</summary>
    private static LevelKind KindOf(Clip clip, Component component, Segment segment) =>
        HasCodec(clip, component, "MDC") ? LevelKind.Description
        : segment.HasLevels || HasCodec(clip, component, "SVC") ? LevelKind.Layer
        : LevelKind.None;

    private static string DefaultExtension(Clip clip, Component component, Segment segment) =>
        segment.Extension is { } given ? given
        : HasCodec(clip, component, "MDC") ? "h264"
        : HasCodec(clip, component, "SVC") ? "264"
        : component.Type switch { "audio" => "m4a", "text" => "vtt", _ => "mp4" };

    private static bool HasCodec(Clip clip, Component component, string codec) =>
        component.Type == Video && codec.Equals(clip.Video?.Codec, StringComparison.OrdinalIgnoreCase);

    private static string Distinguish(string type, HashSet<string> taken)
    {
        var word = string.Concat(type.Where(char.IsAsciiLetterOrDigit).Take(12));
        var extension = word.Length > 0 ? word : "part";
        for (var number = 2; taken.Contains(extension); number++)
        {
            extension = $"{word}-{number}";
        }

        return extension;
    }
}
