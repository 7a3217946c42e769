using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Ppsp.Protocol.Ids;

namespace Ppsp.Protocol.Chunks;

/// <summary>
/// The file name of a chunk: <c>content[-Vviews][-Llevel|-Dlevel]-number.ext</c>
/// (draft-cruz-ppsp-http-tracker-protocol-01, section 3.6). Parsed from the right, so that the content id may hold
/// hyphens; compared by value, not by the number of digits.
/// </summary>
/// <remarks>
/// A content id that itself ends in a part such as <c>-L1</c>, <c>-D0</c> or <c>-V2</c> cannot be told from a level or a
/// view: see <see cref="IsUnambiguousContentId"/>, which a publisher asks first.
/// </remarks>
public sealed record ChunkName
{
    /// <summary>Longest name in characters; longer ones are not names.</summary>
    public const int MaxLength = 512;

    /// <summary>Highest chunk number: 2^53 - 1, so that every JSON reader can hold it.</summary>
    public const long MaxIndex = (1L << 53) - 1;

    /// <summary>Highest level, description or number of views in a name.</summary>
    public const int MaxLevel = 999;

    private const int MaxDigits = 18;
    private const int MaxExtensionLength = 16;

    private ChunkName(string contentId, int? views, LevelKind kind, int level, long index, string extension)
    {
        ContentId = contentId;
        Views = views;
        Kind = kind;
        Level = level;
        Index = index;
        Extension = extension;
    }

    /// <summary>Identifier of the content: the last segment of the clip's name.</summary>
    public string ContentId { get; }

    /// <summary>The number behind <c>V</c> (3D), or null. Kept as it is; no view index is derived from it.</summary>
    public int? Views { get; }

    /// <summary>Whether the level is an SVC layer, an MDC description, or not part of the name.</summary>
    public LevelKind Kind { get; }

    /// <summary>The level, 0 when <see cref="Kind"/> is <see cref="LevelKind.None"/>.</summary>
    public int Level { get; }

    /// <summary>Number of the chunk, 0 to <see cref="MaxIndex"/>.</summary>
    public long Index { get; }

    /// <summary>File extension without the dot, for example <c>ts</c>.</summary>
    public string Extension { get; }

    /// <summary>Makes a name from its parts.</summary>
    /// <exception cref="ArgumentException">A part is out of its range or would not survive being parsed again.</exception>
    public static ChunkName Create(string contentId, int? views, LevelKind kind, int level, long index, string extension)
    {
        var name = new ChunkName(contentId, views, kind, level, index, extension);
        if (!TryParse(name.ToString(), out var parsed) || parsed != name)
        {
            throw new ArgumentException($"'{name}' is not a chunk name that can be read back.", nameof(contentId));
        }

        return name;
    }

    /// <summary>
    /// Reads a name; the text is a single path segment, already percent-decoded. False for anything that is not one:
    /// separators, control characters, <c>..</c>, numbers out of range.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out ChunkName? name)
    {
        name = null;
        if (text.Length is 0 or > MaxLength)
        {
            return false;
        }

        var dot = text.LastIndexOf('.');
        if (dot < 0 || !IsExtension(text[(dot + 1)..]))
        {
            return false;
        }

        var extension = text[(dot + 1)..];
        var rest = text[..dot];
        if (!TakeNumber(ref rest, prefix: default, MaxIndex, out var index))
        {
            return false;
        }

        var kind = LevelKind.None;
        if (TakeNumber(ref rest, 'L', MaxLevel, out var level))
        {
            kind = LevelKind.Layer;
        }
        else if (TakeNumber(ref rest, 'D', MaxLevel, out level))
        {
            kind = LevelKind.Description;
        }

        int? views = TakeNumber(ref rest, 'V', MaxLevel, out var count) ? (int)count : null;
        if (!IsContentId(rest))
        {
            return false;
        }

        name = new ChunkName(rest.ToString(), views, kind, (int)level, index, extension.ToString());
        return true;
    }

    /// <summary>True when the text can be a content id at all: one path segment of plain text, not a dot segment.</summary>
    public static bool IsContentId(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= IdentifierText.MaxLength
        && text is not ("." or "..")
        && text.IndexOfAny('/', '\\') < 0
        && IdentifierText.IsPlainText(text);

    /// <summary>True when names made with this content id can be read back without guessing.</summary>
    public static bool IsUnambiguousContentId(ReadOnlySpan<char> text)
    {
        var rest = text;
        return IsContentId(text)
            && !TakeNumber(ref rest, 'L', MaxLevel, out _)
            && !TakeNumber(ref rest, 'D', MaxLevel, out _)
            && !TakeNumber(ref rest, 'V', MaxLevel, out _);
    }

    /// <summary>The written form: five digits for the chunk number, more when it needs them.</summary>
    public override string ToString()
    {
        var views = Views is { } v ? string.Create(CultureInfo.InvariantCulture, $"-V{v}") : "";
        var level = Kind switch
        {
            LevelKind.Layer => string.Create(CultureInfo.InvariantCulture, $"-L{Level}"),
            LevelKind.Description => string.Create(CultureInfo.InvariantCulture, $"-D{Level}"),
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{ContentId}{views}{level}-{Index:D5}.{Extension}");
    }

    private static bool IsExtension(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxExtensionLength)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes <c>-[prefix]digits</c> off the end of <paramref name="rest"/>, leaving at least one character.</summary>
    private static bool TakeNumber(ref ReadOnlySpan<char> rest, char prefix, long max, out long number)
    {
        number = 0;
        var start = rest.Length;
        while (start > 0 && char.IsAsciiDigit(rest[start - 1]))
        {
            start--;
        }

        var digits = rest[start..];
        if (digits.Length is 0 or > MaxDigits)
        {
            return false;
        }

        if (prefix != default)
        {
            if (start == 0 || rest[start - 1] != prefix)
            {
                return false;
            }

            start--;
        }

        if (start < 2 || rest[start - 1] != '-')
        {
            return false;
        }

        number = long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        if (number > max)
        {
            number = 0;
            return false;
        }

        rest = rest[..(start - 1)];
        return true;
    }
}
