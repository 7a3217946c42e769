using System.Text;
using System.Xml;

namespace Ppsp.Protocol.Xml;

/// <summary>Writes a message as UTF-8 without byte order mark, with its declaration, on one line.</summary>
internal static class MessageWriter
{
    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = false,
    };

    /// <summary>Writes the root with its version and what <paramref name="content"/> adds.</summary>
    internal static byte[] Write(string root, Action<XmlWriter> content)
    {
        using var buffer = new MemoryStream(512);
        using (var xml = XmlWriter.Create(buffer, Settings))
        {
            xml.WriteStartElement(root);
            xml.WriteAttributeString("version", Envelope.Version);
            content(xml);
            xml.WriteEndElement();
        }

        return buffer.ToArray();
    }
}
