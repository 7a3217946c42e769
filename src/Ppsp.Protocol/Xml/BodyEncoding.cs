using System.Text;
using System.Text.Unicode;

namespace Ppsp.Protocol.Xml;

/// <summary>
/// Tells the encoding of an XML text the way XML 1.0, appendix F describes it, except that valid UTF-8 is believed more
/// than the declaration.
/// </summary>
internal static class BodyEncoding
{
    /// <summary>How far into the bytes a declaration is looked for.</summary>
    private const int DeclarationBytes = 512;

    /// <summary>The EBCDIC code page in which all letters of a declaration stand where they stand in the others.</summary>
    private const string Ebcdic = "IBM037";

    private static readonly Encoding Utf16Le = new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly Encoding Utf16Be = new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly Encoding Utf32Le = new UTF32Encoding(bigEndian: false, byteOrderMark: false, throwOnInvalidCharacters: true);
    private static readonly Encoding Utf32Be = new UTF32Encoding(bigEndian: true, byteOrderMark: false, throwOnInvalidCharacters: true);

    private static ReadOnlySpan<byte> EbcdicDeclaration => [0x4C, 0x6F, 0xA7, 0x94];

    internal static bool TryDecode(ReadOnlySpan<byte> bytes, out string text, out string error)
    {
        text = "";
        error = "";
        var encoding = Detect(bytes, out var known, out error);
        if (encoding is null)
        {
            return false;
        }

        try
        {
            text = Clean(known ? Encoding.UTF8.GetString(bytes) : encoding.GetString(bytes));
            return true;
        }
        catch (DecoderFallbackException)
        {
            error = $"The body is not valid {encoding.WebName}; send UTF-8, or declare the encoding it really has.";
            return false;
        }
    }

    /// <summary>The encoding, or null with the reason; <paramref name="isUtf8"/> when the bytes were checked to be UTF-8.</summary>
    private static Encoding? Detect(ReadOnlySpan<byte> bytes, out bool isUtf8, out string error)
    {
        error = "";
        isUtf8 = false;
        if (DetectWide(bytes) is { } wide)
        {
            return wide;
        }

        if (Utf8.IsValid(bytes))
        {
            isUtf8 = true;
            return Encoding.UTF8;
        }

        var ebcdic = bytes.StartsWith(EbcdicDeclaration);
        var head = bytes[..Math.Min(bytes.Length, DeclarationBytes)];
        var name = DeclaredName(ebcdic ? Find(Ebcdic)!.GetString(head) : Encoding.Latin1.GetString(head));
        name ??= ebcdic ? Ebcdic : null;
        if (name is null || name.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            error = "The body is not valid UTF-8; send UTF-8, or declare the encoding it really has.";
            return null;
        }

        // An encoding that makes no XML of the bytes in which it was declared cannot be theirs.
        var declared = Find(name);
        if (declared is null || declared.GetString(bytes[..4]) is not { Length: 4 } start || !IsStart(start[0]))
        {
            error = "The body is neither UTF-8 nor in the encoding that it declares; send UTF-8.";
            return null;
        }

        return declared;
    }

    /// <summary>Encodings with two or four bytes a character, by byte order mark or by the zeros beside the first letters.</summary>
    private static Encoding? DetectWide(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4)
        {
            return null;
        }

        return (bytes[0], bytes[1], bytes[2], bytes[3]) switch
        {
            (0xFF, 0xFE, 0, 0) => Utf32Le,
            (0, 0, 0xFE, 0xFF) => Utf32Be,
            (0xFF, 0xFE, _, _) => Utf16Le,
            (0xFE, 0xFF, _, _) => Utf16Be,
            (not 0, 0, 0, 0) => Utf32Le,
            (0, 0, 0, not 0) => Utf32Be,
            (not 0, 0, not 0, 0) => Utf16Le,
            (0, not 0, 0, not 0) => Utf16Be,
            _ => null,
        };
    }

    /// <summary>The encoding that an XML declaration names, or null when there is none.</summary>
    private static string? DeclaredName(ReadOnlySpan<char> head)
    {
        head = head.TrimStart(" \t\r\n");
        var end = head.IndexOf("?>");
        if (!head.StartsWith("<?xml") || end < 0)
        {
            return null;
        }

        head = head[..end];
        var at = head.IndexOf("encoding");
        if (at < 0)
        {
            return null;
        }

        head = head[(at + "encoding".Length)..].TrimStart(" \t\r\n=");
        if (head.IsEmpty || head[0] is not ('"' or '\''))
        {
            return null;
        }

        var close = head[1..].IndexOf(head[0]);
        return close <= 0 ? null : head.Slice(1, close).ToString();
    }

    /// <summary>The encoding of that name, strict; null when there is none.</summary>
    private static Encoding? Find(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(
                    name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            // The name is the stranger's; one that means nothing to us is an answer, not a fault.
            return null;
        }
    }

    private static bool IsStart(char c) => c is '<' or ' ' or '\t' or '\r' or '\n';

    private static string Clean(string text)
    {
        var start = text.AsSpan().IndexOfAnyExcept("\uFEFF \t\r\n");
        return start switch
        {
            < 0 => "",
            0 => text,
            _ => text[start..],
        };
    }
}
