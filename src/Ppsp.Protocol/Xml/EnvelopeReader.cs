using System.Globalization;
using System.Net;
using System.Xml;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.Xml;

/// <summary>
/// What all messages of the family have in common: bytes to text, one root element with a version, and a refusal that
/// carries the TransactionID whenever it can be found (draft-cruz-ppsp-http-tracker-protocol-01, sections 4.1 and 4.3).
/// </summary>
/// <param name="Root">Name of the root element.</param>
/// <param name="Supports">Which versions are read.</param>
internal sealed record EnvelopeReader(string Root, Predicate<decimal> Supports)
{
    private const int MaxVersionLength = 32;
    private const string TransactionIdTag = "<TransactionID";

    /// <summary>Reads a message.</summary>
    /// <param name="body">The bytes as received.</param>
    /// <param name="read">Reads what the root holds and makes the message of it; null after a fault.</param>
    internal Decoded<T> Read<T>(ReadOnlyMemory<byte> body, Func<MessageReader, T?> read)
        where T : class
    {
        var result = XmlBody.TryDecode(body, out var text, out var error);
        if (result != XmlBodyResult.Ok)
        {
            // The bytes are no text we can tell, so an identifier in ASCII is all there is to find.
            var head = body.Span[..Math.Min(body.Length, 64 * 1024)];
            return new CodecRefusal(ResponseCode.InvalidSyntax, error, FindTransactionId(System.Text.Encoding.Latin1.GetString(head)))
            {
                TooLarge = result == XmlBodyResult.TooLarge,
            };
        }

        text = Repair(text);
        using var reader = new MessageReader(text);
        var value = ReadMessage(reader, read, text);
        if (value is not null && reader.Fault is null)
        {
            return value;
        }

        return new CodecRefusal(reader.Fault ?? ResponseCode.InvalidSyntax, reader.Reason, FindTransactionId(text));
    }

    /// <summary>The identifier of a message that cannot be read as a whole; null when there is none.</summary>
    internal static TransactionId? FindTransactionId(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf(TransactionIdTag);
        if (at < 0)
        {
            return null;
        }

        text = text[(at + TransactionIdTag.Length)..];
        var start = text.IndexOf('>') + 1;
        if (start == 0 || !(start == 1 || char.IsWhiteSpace(text[0])) || text[start - 1] == '/')
        {
            return null;
        }

        text = text[start..];
        var end = text.IndexOf('<');
        text = text[..Math.Min(end < 0 ? text.Length : end, 8 * TransactionId.MaxLength)].Trim();
        var token = text.Contains('&') ? WebUtility.HtmlDecode(text.ToString()) : text.ToString();
        return end >= 0 && TransactionId.TryParse(token, out var id) ? id : null;
    }

    private T? ReadMessage<T>(MessageReader reader, Func<MessageReader, T?> read, string text)
        where T : class
    {
        try
        {
            if (!reader.EnterRoot(Root))
            {
                return null;
            }

            var supported = CheckVersion(reader);
            var value = supported ? read(reader) : null;
            reader.ReadToEnd();
            if (!supported)
            {
                reader.Fail(ResponseCode.VersionNotSupported, $"This version of {Root} is not supported; send version=\"1.0\"");
            }

            return value;
        }
        catch (XmlException e)
        {
            // The parser's own sentence may quote the text, and the text may hold a token: only the place is passed on.
            reader.Fail(text.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase)
                ? "A document type declaration is not allowed"
                : $"The XML is not well formed at line {e.LineNumber}, column {e.LinePosition}");
            return null;
        }
    }

    /// <summary>False for a number that is not supported; anything that is no number is a fault.</summary>
    private bool CheckVersion(MessageReader reader)
    {
        var text = reader.Attribute("version")?.Trim();
        if (text is null or "1.0")
        {
            return true;
        }

        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (text.Length <= MaxVersionLength && decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var version))
        {
            return Supports(version);
        }

        reader.Fail($"The attribute version of {Root} must be a number such as 1.0");
        return true;
    }

    /// <summary>The draft prints two messages whose last tag lacks its final character; they get it.</summary>
    private string Repair(string text)
    {
        var end = text.AsSpan().TrimEnd();
        return end.EndsWith(Root) && end[..^Root.Length].EndsWith("</") ? string.Concat(end, ">") : text;
    }
}
