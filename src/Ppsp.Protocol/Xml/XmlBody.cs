using System.IO.Compression;
using System.Text;

namespace Ppsp.Protocol.Xml;

/// <summary>
/// From the bytes of a message or manifest to its text: gunzip by magic, byte order mark or byte pattern, then the
/// declaration; leading white space dropped. Text that is really UTF-8 is taken as such whatever its label says.
/// </summary>
public static class XmlBody
{
    /// <summary>Longest text that is read, in bytes before and after gunzip: 1 MiB.</summary>
    public const int MaxBytes = 1 << 20;

    private const int DeclarationBytes = 256;

    /// <summary>Byte order marks, the longer ones first.</summary>
    private static readonly (byte[] Mark, Encoding Encoding)[] Marks =
    [
        ([0xFF, 0xFE, 0x00, 0x00], Strict(new UTF32Encoding(bigEndian: false, byteOrderMark: true))),
        ([0x00, 0x00, 0xFE, 0xFF], Strict(new UTF32Encoding(bigEndian: true, byteOrderMark: true))),
        ([0xEF, 0xBB, 0xBF], Strict(Encoding.UTF8)),
        ([0xFF, 0xFE], Strict(Encoding.Unicode)),
        ([0xFE, 0xFF], Strict(Encoding.BigEndianUnicode)),
    ];

    /// <summary>How a document without a mark begins: the first characters of a declaration or of an element.</summary>
    private static readonly (byte[] Pattern, Encoding Encoding)[] Patterns =
    [
        ([0x3C, 0x00, 0x00, 0x00], Strict(new UTF32Encoding(bigEndian: false, byteOrderMark: false))),
        ([0x00, 0x00, 0x00, 0x3C], Strict(new UTF32Encoding(bigEndian: true, byteOrderMark: false))),
        ([0x3C, 0x00], Strict(Encoding.Unicode)),
        ([0x00, 0x3C], Strict(Encoding.BigEndianUnicode)),
    ];

    private static readonly byte[] EbcdicDeclaration = [0x4C, 0x6F, 0xA7, 0x94];

    /// <summary>Decodes a body.</summary>
    /// <param name="body">The bytes as received.</param>
    /// <param name="text">The text, without byte order mark and leading white space.</param>
    /// <param name="error">What is wrong, one sentence.</param>
    /// <returns>How it went.</returns>
    public static XmlBodyResult TryDecode(ReadOnlyMemory<byte> body, out string text, out string error)
    {
        text = "";
        error = "";
        if (body.Length <= MaxBytes && body.Span.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            if (!TryGunzip(body, out var plain, out error))
            {
                return XmlBodyResult.NotText;
            }

            body = plain;
        }

        if (body.Length > MaxBytes)
        {
            error = $"The body is longer than {MaxBytes} bytes.";
            return XmlBodyResult.TooLarge;
        }

        if (!TryFindEncoding(body.Span, out var encoding, out var skip, out error))
        {
            return XmlBodyResult.NotText;
        }

        try
        {
            text = encoding.GetString(body.Span[skip..]).TrimStart(' ', '\t', '\r', '\n', '\uFEFF');
            return XmlBodyResult.Ok;
        }
        catch (DecoderFallbackException)
        {
            error = $"The body is not valid {encoding.WebName}.";
            return XmlBodyResult.NotText;
        }
    }

    /// <summary>Unpacks; one byte over the limit is enough to know that it is too long.</summary>
    private static bool TryGunzip(ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> plain, out string error)
    {
        plain = default;
        error = "";
        try
        {
            using var source = new MemoryStream(body.ToArray(), writable: false);
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            using var target = new MemoryStream();
            var part = new byte[16 * 1024];
            int read;
            while (target.Length <= MaxBytes && (read = gzip.Read(part)) > 0)
            {
                target.Write(part, 0, read);
            }

            plain = target.GetBuffer().AsMemory(0, (int)target.Length);
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            error = "The body starts like gzip but cannot be unpacked.";
            return false;
        }
    }

    private static bool TryFindEncoding(ReadOnlySpan<byte> body, out Encoding encoding, out int skip, out string error)
    {
        error = "";
        foreach (var (mark, marked) in Marks)
        {
            if (body.StartsWith(mark))
            {
                (encoding, skip) = (marked, mark.Length);
                return true;
            }
        }

        skip = 0;
        var start = body[..Math.Min(body.Length, DeclarationBytes)];
        foreach (var (pattern, patterned) in Patterns)
        {
            if (start.StartsWith(pattern))
            {
                encoding = patterned;
                return true;
            }
        }

        encoding = Encoding.UTF8;
        if (!start.StartsWith(EbcdicDeclaration) && System.Text.Unicode.Utf8.IsValid(body))
        {
            return true;
        }

        return TryFindDeclared(start, out encoding, out error);
    }

    private static bool TryFindDeclared(ReadOnlySpan<byte> start, out Encoding encoding, out string error)
    {
        var ebcdic = start.StartsWith(EbcdicDeclaration);
        var head = ebcdic
            ? CodePagesEncodingProvider.Instance.GetEncoding(37)!.GetString(start)
            : Encoding.Latin1.GetString(start);
        var label = DeclaredEncoding(head);
        encoding = Encoding.UTF8;
        error = label is null
            ? "The body is not valid UTF-8 and declares no other encoding."
            : $"The body is not valid in the encoding it declares, '{label}'.";
        if (label is null || label.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        if (Find(label) is not { } found || found.GetByteCount("<?") != 2)
        {
            error = $"The declared encoding '{label}' is not known or does not fit the bytes; UTF-8 always is.";
            return false;
        }

        encoding = Strict(found);
        return true;
    }

    private static Encoding? Find(string label)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(label) ?? Encoding.GetEncoding(label);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The label in <c>&lt;?xml … encoding="label"</c>, or null.</summary>
    private static string? DeclaredEncoding(string head)
    {
        var end = head.IndexOf("?>", StringComparison.Ordinal);
        var at = head.IndexOf("encoding", StringComparison.Ordinal);
        if (!head.TrimStart().StartsWith("<?xml", StringComparison.Ordinal) || end < 0 || at < 0 || at > end)
        {
            return null;
        }

        var value = head[(at + "encoding".Length)..end].TrimStart();
        if (!value.StartsWith('='))
        {
            return null;
        }

        value = value[1..].TrimStart();
        var close = value.Length == 0 ? -1 : value.IndexOf(value[0], 1);
        return value.Length > 0 && value[0] is '"' or '\'' && close > 1 ? value[1..close] : null;
    }

    private static Encoding Strict(Encoding encoding)
    {
        var copy = (Encoding)encoding.Clone();
        copy.DecoderFallback = DecoderFallback.ExceptionFallback;
        return copy;
    }
}
