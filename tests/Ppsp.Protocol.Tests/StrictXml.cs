using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Ppsp.Protocol.Tests;

/// <summary>What a stranger's parser says of our messages: namespaces must be right, no DTD, strict UTF-8, no byte order mark.</summary>
internal static class StrictXml
{
    internal static bool Accepts(byte[] body)
    {
        using var reader = XmlReader.Create(
            new StringReader(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body)),
            new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return XDocument.Load(reader).Root is not null && body[0] == '<';
    }
}
