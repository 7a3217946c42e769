using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Manifest;

/// <summary>Reads <c>Clip</c> (draft-cruz-ppsp-http-tracker-protocol-01, section 3.6).</summary>
internal static class ClipReader
{
    internal static Clip Read(ManifestElement element, SegmentReader segments)
    {
        var name = element.Child("Name") ?? throw element.Error("a 'Clip' has no 'Name'; one such as path/name was expected");
        return new Clip
        {
            Name = ReadName(name.Value),
            Duration = element.Child("Duration")?.Value.Seconds(ManifestLimits.DurationSeconds, positive: false),
            Description = ReadDescription(element.Child("Description")),
            Video = element.Child("Video") is { } video ? ReadVideo(video) : null,
            AudioCodec = element.Child("Audio") is { } audio ? audio.Attribute("codec")?.Word(ManifestLimits.WordLength) ?? "" : null,
            Components = ReadComponents(element, segments),
        };
    }

    private static string ReadName(ManifestValue name)
    {
        if (!PathText.IsPath(name.Text))
        {
            throw name.Expected(
                $"a path of at most {PathText.MaxLength} characters without empty or dot segments, backslashes, percent escapes and control characters");
        }

        // Chunk names made with such an id could not be told from those of a level or view.
        return ChunkName.IsUnambiguousContentId(name.Text.AsSpan(name.Text.LastIndexOf('/') + 1))
            ? name.Text
            : throw name.Expected("a name that does not end like a level or view (-L1, -D1, -V2)");
    }

    private static string ReadDescription(ManifestElement? element)
    {
        var value = element?.Value;
        return value is null || value.Text.Length <= ManifestLimits.DescriptionLength
            ? value?.Text ?? ""
            : throw value.Expected($"a text of at most {ManifestLimits.DescriptionLength} characters");
    }

    private static VideoDescription ReadVideo(ManifestElement element) => new(
        element.Attribute("codec")?.Word(ManifestLimits.WordLength) ?? "",
        element.Attribute("fps")?.Rate(),
        element.Children(ManifestLimits.Qualities, "VideoQuality").ConvertAll(q => new VideoQuality(
            (int)q.Required("width").Number(1, ManifestLimits.Pixels),
            (int)q.Required("height").Number(1, ManifestLimits.Pixels),
            (int?)q.Attribute("level")?.Number(0, ChunkName.MaxLevel) ?? 0,
            SegmentReader.ReadBitrate(q))));

    private static List<Component> ReadComponents(ManifestElement element, SegmentReader segments)
    {
        var components = new List<Component>();
        foreach (var child in element.Children(ManifestLimits.ComponentsPerClip, "ChunkSegments", "ChunkIndex"))
        {
            var type = ReadType(child);
            if (components.Exists(c => c.Type == type))
            {
                throw child.Error($"there are two 'ChunkSegments' of type '{ManifestValue.Shown(type)}' in a clip; one was expected");
            }

            components.Add(new Component(type, segments.ReadAll(child)));
        }

        return components.Count > 0
            ? components
            : throw element.Error("a 'Clip' has no 'ChunkSegments'; at least one was expected");
    }

    private static string ReadType(ManifestElement element)
    {
        var value = element.Attribute("type");
        if (value is null || value.Text.Length == 0)
        {
            return "video";
        }

        var type = value.Word(ManifestLimits.TypeLength).ToLowerInvariant();
        return LevelRoles.Of(type) != LevelRole.Media
            ? throw value.Expected($"a type that does not end in {ChunkLayout.InitSuffix} or {ChunkLayout.HashesSuffix}")
            : type;
    }
}
