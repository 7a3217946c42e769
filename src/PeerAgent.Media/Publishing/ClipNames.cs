using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Publishing;

/// <summary>What a clip may be called (draft-cruz-ppsp-http-tracker-protocol-01, section 3.6: the name of the <c>Clip</c>).</summary>
public static class ClipNames
{
    /// <summary>Longest name in characters.</summary>
    public const int MaxLength = 256;

    /// <summary>
    /// Says what is wrong with a clip's name, in one sentence, or null when nothing is. A name is one or more segments
    /// between slashes; it becomes a path on every peer, so dot segments, backslashes, percent signs and control
    /// characters are out, and the last segment must not end like a level (<c>-L0</c>).
    /// </summary>
    public static string? Fault(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MaxLength)
        {
            return $"The name must have 1 to {MaxLength} characters.";
        }

        var segments = name.Split('/');
        if (segments.Any(s => s is "" or "." or ".." || s.Contains('%') || !ChunkName.IsContentId(s)))
        {
            return "The name must be segments of plain text between single slashes, such as 'path/name', without '.', '..', '%', '\\' or control characters.";
        }

        return ChunkName.IsUnambiguousContentId(segments[^1])
            ? null
            : $"The name must not end in '{segments[^1][segments[^1].LastIndexOf('-')..]}', because chunk names could not be read back; choose another last segment.";
    }
}
