namespace Ppsp.Protocol.Xml;

/// <summary>
/// From the bytes of a message or manifest to its text: gunzip by magic, byte order mark or byte pattern, then the
/// declaration; leading white space dropped. Text that is really UTF-8 is taken as such whatever its label says.
/// </summary>
public static class XmlBody
{
    /// <summary>Longest text that is read, in bytes before and after gunzip: 1 MiB.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Decodes a body.</summary>
    /// <param name="body">The bytes as received.</param>
    /// <param name="text">The text, without byte order mark and leading white space.</param>
    /// <param name="error">What is wrong, one sentence.</param>
    /// <returns>How it went.</returns>
    public static XmlBodyResult TryDecode(ReadOnlyMemory<byte> body, out string text, out string error) =>
        throw new NotImplementedException();
}

/// <summary>How decoding a body ended.</summary>
public enum XmlBodyResult
{
    /// <summary>There is text.</summary>
    Ok,

    /// <summary>Longer than <see cref="XmlBody.MaxBytes"/>, before or after gunzip.</summary>
    TooLarge,

    /// <summary>Not text in any encoding we can tell.</summary>
    NotText,
}
