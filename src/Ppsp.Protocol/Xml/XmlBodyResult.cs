namespace Ppsp.Protocol.Xml;

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
