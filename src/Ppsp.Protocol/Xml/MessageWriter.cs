using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Text;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace Ppsp.Protocol.Xml;

/// <summary>
/// Writes a message as UTF-8 without byte order mark and without white space between elements. Names are given as UTF-8
/// and taken as they are; texts are escaped.
/// </summary>
internal sealed class MessageWriter
{
    private static readonly SearchValues<char> Special = SearchValues.Create("&<>\"");

    private readonly ArrayBufferWriter<byte> _out = new(512);

    /// <summary>How many chunk maps were written so far.</summary>
    internal int MapCount { get; set; }

    /// <summary>Writes bytes as they are.</summary>
    internal void Raw(ReadOnlySpan<byte> utf8) => _out.Write(utf8);

    internal void Open(ReadOnlySpan<byte> name)
    {
        Raw("<"u8);
        Raw(name);
        Raw(">"u8);
    }

    internal void Close(ReadOnlySpan<byte> name)
    {
        Raw("</"u8);
        Raw(name);
        Raw(">"u8);
    }

    internal void Element(ReadOnlySpan<byte> name, ReadOnlySpan<char> text)
    {
        Open(name);
        Text(text);
        Close(name);
    }

    internal void Element(ReadOnlySpan<byte> name, long number)
    {
        Open(name);
        Number(number);
        Close(name);
    }

    internal void Attribute(ReadOnlySpan<byte> name, ReadOnlySpan<char> text)
    {
        OpenAttribute(name);
        Text(text);
        Raw("\""u8);
    }

    internal void Attribute(ReadOnlySpan<byte> name, long number)
    {
        OpenAttribute(name);
        Number(number);
        Raw("\""u8);
    }

    internal void Attribute(ReadOnlySpan<byte> name, IPAddress address)
    {
        OpenAttribute(name);
        if (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && address.ScopeId != 0)
        {
            // A scope means nothing on another machine.
            address = new IPAddress(address.GetAddressBytes());
        }

        address.TryFormat(_out.GetSpan(64), out var written);
        _out.Advance(written);
        Raw("\""u8);
    }

    internal void Number(long number)
    {
        Utf8Formatter.TryFormat(number, _out.GetSpan(24), out var written);
        _out.Advance(written);
    }

    /// <summary>The bits of a map as base64 without line breaks.</summary>
    internal void Base64(ChunkMap map)
    {
        var size = ChunkMap.ByteLength(map.Length);
        var bits = ArrayPool<byte>.Shared.Rent(size);
        map.CopyBitsTo(bits);
        Base64Encode(bits.AsSpan(0, size));
        ArrayPool<byte>.Shared.Return(bits);
    }

    /// <summary>The finished message.</summary>
    /// <exception cref="ArgumentException">It is longer than any reader takes.</exception>
    internal byte[] ToArray() => _out.WrittenCount <= XmlBody.MaxBytes
        ? _out.WrittenSpan.ToArray()
        : throw new ArgumentException($"The message has {_out.WrittenCount} bytes; readers take {XmlBody.MaxBytes}.");

    private void Base64Encode(ReadOnlySpan<byte> bits)
    {
        System.Buffers.Text.Base64.EncodeToUtf8(bits, _out.GetSpan(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bits.Length)), out _, out var written);
        _out.Advance(written);
    }

    private void OpenAttribute(ReadOnlySpan<byte> name)
    {
        Raw(" "u8);
        Raw(name);
        Raw("=\""u8);
    }

    private void Text(ReadOnlySpan<char> text)
    {
        if (!IdentifierText.IsPlainText(text))
        {
            throw new ArgumentException("A text of the message holds control characters or half a surrogate pair.");
        }

        while (text.IndexOfAny(Special) is var at and >= 0)
        {
            Encode(text[..at]);
            Raw(text[at] switch
            {
                '&' => "&amp;"u8,
                '<' => "&lt;"u8,
                '>' => "&gt;"u8,
                _ => "&quot;"u8,
            });
            text = text[(at + 1)..];
        }

        Encode(text);
    }

    private void Encode(ReadOnlySpan<char> text)
    {
        var span = _out.GetSpan(Math.Max(1, Encoding.UTF8.GetMaxByteCount(text.Length)));
        _out.Advance(Encoding.UTF8.GetBytes(text, span));
    }
}
