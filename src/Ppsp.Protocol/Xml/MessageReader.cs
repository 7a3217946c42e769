using System.Globalization;
using System.Text;
using System.Xml;

namespace Ppsp.Protocol.Xml;

/// <summary>
/// Walks through a message element by element: no DTD, no resolver, bounded depth, unknown elements skipped, local names
/// only. Throws <see cref="MessageFormatException"/> or <see cref="XmlException"/>; the codec turns both into values.
/// </summary>
internal sealed class MessageReader : IDisposable
{
    /// <summary>The name that the draft's undeclared prefix is bound to, in reading and in writing.</summary>
    internal const string ReportNamespace = "urn:ppsp-peer:report:1";

    private const int MaxDepth = 64;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        MaxCharactersInDocument = XmlBody.MaxBytes,
        ConformanceLevel = ConformanceLevel.Document,
    };

    private readonly XmlReader _xml;

    internal MessageReader(string text)
    {
        var names = new NameTable();
        var namespaces = new XmlNamespaceManager(names);
        // draft-cruz-ppsp-http-tracker-protocol-01, section 4.10 uses report: and declares it nowhere.
        namespaces.AddNamespace("report", ReportNamespace);
        _xml = XmlReader.Create(new StringReader(text), Settings, new XmlParserContext(names, namespaces, null, XmlSpace.None));
    }

    /// <summary>Local name of the current element.</summary>
    internal string Name => _xml.LocalName;

    /// <summary>Moves to the root element, which must have this name.</summary>
    internal void ReadRoot(string name)
    {
        while (_xml.Read())
        {
            if (_xml.NodeType == XmlNodeType.Element)
            {
                if (_xml.LocalName != name)
                {
                    throw Error($"the root element is '{_xml.LocalName}'; '{name}' was expected");
                }

                return;
            }
        }

        throw Error("there is no root element");
    }

    /// <summary>Reads what follows the root, so that the whole document is known to be well formed.</summary>
    internal void ReadToEnd()
    {
        while (_xml.Read())
        {
        }
    }

    /// <summary>Where the children of the current element are found; ask <see cref="NextChild"/> until it says no.</summary>
    internal Children EnterChildren() => new(_xml.Depth, _xml.IsEmptyElement);

    /// <summary>Moves to the next child element. False at the parent's end.</summary>
    internal bool NextChild(Children children)
    {
        if (children.IsEmpty)
        {
            return false;
        }

        while (_xml.Read())
        {
            if (_xml.NodeType == XmlNodeType.Element && _xml.Depth == children.Depth + 1)
            {
                return true;
            }

            if (_xml.NodeType == XmlNodeType.EndElement && _xml.Depth == children.Depth)
            {
                return false;
            }

            if (_xml.Depth > MaxDepth)
            {
                throw Error($"elements are nested deeper than {MaxDepth}");
            }
        }

        throw Error("the document ends too early");
    }

    /// <summary>The trimmed text of the current element; elements inside it are passed over.</summary>
    internal string ReadText()
    {
        if (_xml.IsEmptyElement)
        {
            return "";
        }

        var depth = _xml.Depth;
        string? first = null;
        StringBuilder? more = null;
        while (_xml.Read() && !(_xml.NodeType == XmlNodeType.EndElement && _xml.Depth == depth))
        {
            if (_xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && _xml.Depth == depth + 1)
            {
                if (first is null)
                {
                    first = _xml.Value;
                }
                else
                {
                    more ??= new StringBuilder(first);
                    more.Append(_xml.Value);
                }
            }
            else if (_xml.Depth > MaxDepth)
            {
                throw Error($"elements are nested deeper than {MaxDepth}");
            }
        }

        return (more?.ToString() ?? first ?? "").Trim();
    }

    /// <summary>An attribute by its local name, case not minded; null when it is not there.</summary>
    internal string? Attribute(string name)
    {
        string? value = null;
        for (var found = _xml.MoveToFirstAttribute(); found && value is null; found = value is null && _xml.MoveToNextAttribute())
        {
            if (_xml.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase) && _xml.Prefix != "xmlns")
            {
                value = _xml.Value.Trim();
            }
        }

        _xml.MoveToElement();
        return value;
    }

    /// <summary>A whole number in an attribute, within bounds.</summary>
    internal long RequiredNumber(string attribute, long max) =>
        Number($"attribute '{attribute}' of '{Name}'", Attribute(attribute), max);

    /// <summary>A whole number in the current element's text, within bounds.</summary>
    internal long ReadNumber(long max)
    {
        var name = Name;
        return Number($"element '{name}'", ReadText(), max);
    }

    /// <summary>Keeps a value that may be given once.</summary>
    internal void Once<T>(ref T? slot, T value)
        where T : class
    {
        if (slot is not null)
        {
            throw Error($"'{Name}' is there twice");
        }

        slot = value;
    }

    /// <summary>The error for something at the current place.</summary>
    internal MessageFormatException Error(string what)
    {
        var place = _xml is IXmlLineInfo info && info.HasLineInfo() ? $"Line {info.LineNumber}, column {info.LinePosition}: " : "";
        return new MessageFormatException($"{place}{what}.");
    }

    public void Dispose() => _xml.Dispose();

    private long Number(string where, string? text, long max) =>
        text is not null && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max
            ? number
            : throw Error($"{where} is {(text is null ? "missing" : $"'{Shorten(text)}'")}; a whole number from 0 to {max} was expected");

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "...";

    /// <summary>The children of one element.</summary>
    internal readonly record struct Children(int Depth, bool IsEmpty);
}
