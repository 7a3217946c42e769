using System.Text;
using System.Xml;
using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.Xml;

/// <summary>
/// Walks through a message once, forwards. Elements that nobody asks for are passed over; the first fault ends the walk:
/// from then on there are no more children and every text is empty, so that readers need not check after each step.
/// </summary>
internal sealed class MessageReader : IDisposable
{
    /// <summary>Deepest nesting of elements that is read.</summary>
    internal const int MaxDepth = 64;

    /// <summary>
    /// What the prefix <c>report</c> stands for. The draft uses the prefix without declaring it
    /// (draft-cruz-ppsp-http-tracker-protocol-01, section 4.10), so it is bound before the reading starts.
    /// </summary>
    internal const string ReportNamespace = "urn:ppsp-peer:report:1";

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        MaxCharactersInDocument = 2 * XmlBody.MaxBytes,
    };

    private readonly XmlReader _xml;

    /// <summary>Starts before the root element of <paramref name="text"/>.</summary>
    internal MessageReader(string text)
    {
        var names = new NameTable();
        var namespaces = new XmlNamespaceManager(names);
        namespaces.AddNamespace("report", ReportNamespace);
        _xml = XmlReader.Create(new StringReader(text), Settings, new XmlParserContext(names, namespaces, null, XmlSpace.None));
    }

    /// <summary>Name of the current element, without prefix.</summary>
    internal string Name => _xml.LocalName;

    /// <summary>How many chunk maps were read from this message so far.</summary>
    internal int MapCount { get; set; }

    /// <summary>The code to answer with, null as long as nothing is wrong.</summary>
    internal ResponseCode? Fault { get; private set; }

    /// <summary>What is wrong, one sentence.</summary>
    internal string Reason { get; private set; } = "";

    /// <inheritdoc/>
    public void Dispose() => _xml.Dispose();

    /// <summary>Goes to the root element; a fault when it has another name.</summary>
    internal bool EnterRoot(string name)
    {
        while (Advance())
        {
            if (_xml.NodeType == XmlNodeType.Element)
            {
                if (_xml.LocalName != name)
                {
                    Fail($"The root element must be {name}");
                }

                return Fault is null;
            }
        }

        Fail($"There is no root element {name}");
        return false;
    }

    /// <summary>Reads what is left, so that a fault in it is found.</summary>
    internal void ReadToEnd()
    {
        while (Advance())
        {
        }
    }

    /// <summary>Enters the current element; the result is handed to <see cref="NextChild"/>.</summary>
    internal int Enter() => _xml.IsEmptyElement ? -1 : _xml.Depth;

    /// <summary>Goes to the next child element. False behind the last one and after a fault.</summary>
    /// <param name="scope">What <see cref="Enter"/> gave.</param>
    internal bool NextChild(int scope)
    {
        while (scope >= 0 && Advance())
        {
            if (_xml.NodeType == XmlNodeType.Element && _xml.Depth == scope + 1)
            {
                return true;
            }

            if (_xml.NodeType == XmlNodeType.EndElement && _xml.Depth == scope)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>The text of the current element, trimmed; a fault when it holds elements.</summary>
    internal string ReadText()
    {
        if (_xml.IsEmptyElement)
        {
            return "";
        }

        var name = _xml.LocalName;
        string? text = null;
        StringBuilder? pieces = null;
        while (Advance())
        {
            switch (_xml.NodeType)
            {
                case XmlNodeType.EndElement:
                    return (pieces?.ToString() ?? text ?? "").Trim();
                case XmlNodeType.Element:
                    Fail($"{name} must hold text and no elements");
                    break;
                default:
                    pieces = text is null ? null : (pieces ?? new StringBuilder(text)).Append(_xml.Value);
                    text ??= _xml.Value;
                    break;
            }
        }

        return "";
    }

    /// <summary>Reads the text of the current element into a slot that is still null; a fault when the element came before.</summary>
    internal void ReadTextOnce(ref string? slot)
    {
        if (slot is not null)
        {
            FailTwice();
        }

        slot = ReadText();
    }

    /// <summary>An attribute of the current element, whatever the case of its name; null when it is not there.</summary>
    internal string? Attribute(string name)
    {
        var value = _xml.GetAttribute(name);
        if (value is not null || !_xml.MoveToFirstAttribute())
        {
            return value;
        }

        do
        {
            if (_xml.Prefix.Length == 0 && _xml.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = _xml.Value;
            }
        }
        while (value is null && _xml.MoveToNextAttribute());
        _xml.MoveToElement();
        return value;
    }

    /// <summary>Notes that the current element may stand here only once.</summary>
    internal void FailTwice() => Fail($"{Name} may appear only once here");

    /// <summary>Notes what is wrong with the message; only the first fault counts.</summary>
    /// <param name="reason">What was expected, without the full stop and never with the text of an element.</param>
    internal void Fail(string reason) => Fail(ResponseCode.InvalidSyntax, reason);

    /// <inheritdoc cref="Fail(string)"/>
    internal void Fail(ResponseCode code, string reason)
    {
        if (Fault is not null)
        {
            return;
        }

        // At the end of the root the place says nothing: what is missing or odd stood before it.
        var inside = _xml.ReadState == ReadState.Interactive && !(_xml.NodeType == XmlNodeType.EndElement && _xml.Depth == 0);
        var place = inside && _xml is IXmlLineInfo line && line.HasLineInfo()
            ? $" (line {line.LineNumber}, column {line.LinePosition})."
            : ".";
        Fault = code;
        Reason = reason + place;
    }

    private bool Advance()
    {
        if (Fault is not null || !_xml.Read())
        {
            return false;
        }

        if (_xml.NodeType == XmlNodeType.Element && _xml.Depth >= MaxDepth)
        {
            Fail($"Elements may be nested {MaxDepth} deep at most");
            return false;
        }

        return true;
    }
}
