using System.Globalization;
using System.Xml;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.Xml;

/// <summary>What the messages of both protocols share: decoding, version, identifiers, and how a failure becomes a value.</summary>
internal static class Envelope
{
    internal const string Version = "1.0";

    /// <summary>Decodes a body and reads its message; whatever is wrong becomes a refusal with the transaction's id, if there is one.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="root">Name of the root element.</param>
    /// <param name="read">Reads the message; the reader stands on the root.</param>
    internal static Decoded<T> Read<T>(ReadOnlyMemory<byte> body, string root, Func<MessageReader, Decoded<T>> read)
        where T : class
    {
        if (XmlBody.TryDecode(body, out var text, out var error) != XmlBodyResult.Ok)
        {
            return new CodecRefusal(ResponseCode.InvalidSyntax, error, null);
        }

        // The draft prints two requests without their last character (section 4.6 and 4.7).
        if (text.AsSpan().TrimEnd().EndsWith($"</{root}"))
        {
            text = text.TrimEnd() + ">";
        }

        try
        {
            using var reader = new MessageReader(text);
            reader.ReadRoot(root);
            return read(reader);
        }
        catch (MessageFormatException e)
        {
            return new CodecRefusal(ResponseCode.InvalidSyntax, e.Message, FindTransactionId(text));
        }
        catch (XmlException e)
        {
            return new CodecRefusal(
                ResponseCode.InvalidSyntax,
                $"Line {e.LineNumber}, column {e.LinePosition}: the XML is not well formed, or has a DTD.",
                FindTransactionId(text));
        }
    }

    /// <summary>A number in the version attribute that is in none of the known versions; not a number at all is an error.</summary>
    internal static bool IsVersionSupported(MessageReader reader, Func<decimal, bool> isKnown)
    {
        var text = reader.Attribute("version");
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var version)
            ? isKnown(version)
            : throw reader.Error($"version '{(text.Length > 20 ? text[..20] : text)}' is not a number; '{Version}' was expected");
    }

    /// <summary>Passes over the whole document, to answer a version that is not known: only the transaction's id is wanted.</summary>
    internal static CodecRefusal RefuseVersion(MessageReader reader)
    {
        string? id = null;
        var children = reader.EnterChildren();
        while (reader.NextChild(children))
        {
            if (reader.Name == "TransactionID")
            {
                id ??= reader.ReadText();
            }
        }

        reader.ReadToEnd();
        return new CodecRefusal(
            ResponseCode.VersionNotSupported,
            $"This protocol version is not spoken here; version {Version} is.",
            TransactionId.TryParse(id, out var parsed) ? parsed : null);
    }

    internal static PeerId RequiredPeerId(MessageReader reader, string? text) =>
        PeerId.TryParse(text, out var id) ? id : throw reader.Error(Missing("PeerID", 256));

    internal static SwarmId RequiredSwarmId(MessageReader reader, string? text) =>
        SwarmId.TryParse(text, out var id) ? id : throw reader.Error(Missing("SwarmID", 256));

    internal static TransactionId RequiredTransactionId(MessageReader reader, string? text) =>
        TransactionId.TryParse(text, out var id) ? id : throw reader.Error(Missing("TransactionID", TransactionId.MaxLength));

    /// <summary>The response text and identifier that every response starts from.</summary>
    internal static ResponseCode RequiredResponse(MessageReader reader, string? text) =>
        ResponseCodes.TryParse(text, out var code) ? code : throw reader.Error("'Response' is missing or has no known value");

    /// <summary>The identifier in a text that may not even be well formed.</summary>
    private static TransactionId? FindTransactionId(string text)
    {
        const string open = "<TransactionID>";
        var start = text.IndexOf(open, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        start += open.Length;
        var end = text.IndexOf('<', start);
        return end > start && end - start < 4 * TransactionId.MaxLength && text[start..end].IndexOf('&', StringComparison.Ordinal) < 0
            && TransactionId.TryParse(text[start..end], out var id)
            ? id
            : null;
    }

    private static string Missing(string name, int max) => $"'{name}' is missing, empty or longer than {max} characters";
}
