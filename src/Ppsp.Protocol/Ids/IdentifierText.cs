using System.Diagnostics.CodeAnalysis;

namespace Ppsp.Protocol.Ids;

/// <summary>
/// The one rule for identifiers on the wire: opaque text, compared ordinally, trimmed, 1 to 256 characters, and only
/// characters that XML 1.0 can carry (no control characters, no unpaired surrogates).
/// </summary>
internal static class IdentifierText
{
    internal const int MaxLength = 256;

    internal static bool TryNormalize([NotNullWhen(true)] string? text, int maxLength, [NotNullWhen(true)] out string? value)
    {
        value = text?.Trim();
        if (string.IsNullOrEmpty(value) || value.Length > maxLength || !IsPlainText(value))
        {
            value = null;
            return false;
        }

        return true;
    }

    /// <summary>True when every character is printable in XML 1.0 and surrogates come in pairs.</summary>
    internal static bool IsPlainText(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsControl(c) || c is '\uFFFE' or '\uFFFF')
            {
                return false;
            }

            if (!char.IsSurrogate(c))
            {
                continue;
            }

            if (!char.IsHighSurrogate(c) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
            {
                return false;
            }

            i++;
        }

        return true;
    }
}
