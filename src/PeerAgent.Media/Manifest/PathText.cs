using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Manifest;

/// <summary>Which texts of a manifest may become part of a path: nothing that climbs, nothing that means something else once decoded.</summary>
internal static class PathText
{
    /// <summary>Longest path in characters.</summary>
    internal const int MaxLength = 256;

    /// <summary>True for one segment: 1 to 256 characters, no slash, backslash, dot segment, control character or percent escape.</summary>
    internal static bool IsSegment(ReadOnlySpan<char> text) => ChunkName.IsContentId(text) && !HasEscape(text);

    /// <summary>True for segments with single slashes between them.</summary>
    internal static bool IsPath(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxLength)
        {
            return false;
        }

        foreach (var range in text.Split('/'))
        {
            if (!IsSegment(text[range]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasEscape(ReadOnlySpan<char> text)
    {
        for (var i = 0; i + 2 < text.Length; i++)
        {
            if (text[i] == '%' && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                return true;
            }
        }

        return false;
    }
}
