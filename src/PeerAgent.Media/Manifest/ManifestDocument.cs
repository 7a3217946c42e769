using System.Buffers;
using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace PeerAgent.Media.Manifest;

/// <summary>From the text of a manifest to its elements: no DTD, no resolver, bounded depth.</summary>
internal static class ManifestDocument
{
    private const string Root = "StreamInfo";

    private static readonly SearchValues<char> NameEnds = SearchValues.Create(" \t\r\n/><");

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        MaxCharactersInDocument = ManifestLimits.Characters,
        ConformanceLevel = ConformanceLevel.Document,
    };

    /// <summary>
    /// True when the text is, or looks as if it were meant to be, a StreamInfo document; decided by its beginning, so
    /// that other XML and HTML need not be well formed to be told apart.
    /// </summary>
    internal static bool IsStreamInfo(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith('<'))
        {
            return false;
        }

        var rest = SkipProlog(text);
        if (rest.StartsWith("<!DOCTYPE", StringComparison.OrdinalIgnoreCase))
        {
            return !rest["<!DOCTYPE".Length..].TrimStart().StartsWith("html", StringComparison.OrdinalIgnoreCase);
        }

        if (rest.Length == 0 || rest.StartsWith("<!"))
        {
            return true;
        }

        var name = rest[1..];
        var end = name.IndexOfAny(NameEnds);
        var isCut = end < 0;
        name = isCut ? name : name[..end];
        name = name[(name.IndexOf(':') + 1)..];
        return name.SequenceEqual(Root) || (isCut && Root.AsSpan().StartsWith(name));
    }

    /// <summary>Parses the text.</summary>
    /// <exception cref="ManifestFormatException">It is not well formed, has a DTD or is nested too deep.</exception>
    internal static ManifestElement Parse(string text)
    {
        RefuseDtd(text);
        using var scout = Open(text);
        try
        {
            CheckDepth(scout);
            using var reader = Open(text);
            return new ManifestElement(XDocument.Load(reader, LoadOptions.SetLineInfo).Root!);
        }
        catch (XmlException e)
        {
            var place = (IXmlLineInfo)scout;
            var (line, column) = e.LineNumber > 0 ? (e.LineNumber, e.LinePosition) : (place.LineNumber, place.LinePosition);
            throw new ManifestFormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"Line {Math.Max(line, 1)}, column {Math.Max(column, 1)}: the XML is cut off or not well formed; a whole document with the root '{Root}' was expected."));
        }
    }

    /// <summary>The reader would refuse it too, but without a place.</summary>
    private static void RefuseDtd(string text)
    {
        var rest = SkipProlog(text);
        if (rest.StartsWith("<!DOCTYPE", StringComparison.OrdinalIgnoreCase))
        {
            var before = text.AsSpan(0, text.Length - rest.Length);
            throw new ManifestFormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"Line {before.Count('\n') + 1}, column {before.Length - before.LastIndexOf('\n')}: there is a DTD; a document without one was expected."));
        }
    }

    private static ReadOnlySpan<char> SkipProlog(ReadOnlySpan<char> text)
    {
        while (true)
        {
            text = text.TrimStart();
            var close = text.StartsWith("<?") ? "?>" : text.StartsWith("<!--") ? "-->" : null;
            if (close is null)
            {
                return text;
            }

            var end = text.IndexOf(close);
            text = end < 0 ? default : text[(end + close.Length)..];
        }
    }

    private static void CheckDepth(XmlReader reader)
    {
        while (reader.Read())
        {
            if (reader.Depth >= ManifestLimits.Depth && reader.NodeType == XmlNodeType.Element)
            {
                throw ManifestValue.ErrorAt(
                    (IXmlLineInfo)reader, $"elements are nested deeper than {ManifestLimits.Depth}; fewer levels were expected");
            }
        }
    }

    private static XmlReader Open(string text)
    {
        var names = new NameTable();
        var namespaces = new XmlNamespaceManager(names);
        // A hand-written manifest may use our prefix and forget to declare it; a declaration in the text wins.
        namespaces.AddNamespace("x", ManifestLimits.Namespace);
        return XmlReader.Create(new StringReader(text), Settings, new XmlParserContext(names, namespaces, null, XmlSpace.None));
    }
}
