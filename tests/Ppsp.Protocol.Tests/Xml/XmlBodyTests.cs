using System.IO.Compression;
using System.Text;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Xml;

namespace Ppsp.Protocol.Tests.Xml;

public sealed class XmlBodyTests
{
    private const string Text = "<?xml version=\"1.0\" encoding=\"ENC\"?><a>Größe</a>";

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-32", true)]
    [InlineData("utf-32BE", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-32", false)]
    [InlineData("utf-32BE", false)]
    public void Unicode_is_told_by_its_mark_or_its_bytes_whatever_is_declared(string encoding, bool mark)
    {
        foreach (var declared in new[] { encoding, "utf-8", "iso-8859-1", "nonsense" })
        {
            var text = Text.Replace("ENC", declared, StringComparison.Ordinal);
            var real = Encoding.GetEncoding(encoding);
            byte[] body = [.. mark ? real.GetPreamble() : [], .. real.GetBytes(text)];
            Assert.Equal(text, Decode(body));
            Assert.Equal(text, Decode([.. mark ? real.GetPreamble() : [], .. real.GetBytes(" \t\r\n" + text)]));
        }
    }

    [Theory]
    [InlineData("ISO-8859-1", "Größe")]
    [InlineData("iso-8859-15", "10 €")]
    [InlineData("windows-1251", "Привет")]
    [InlineData("windows-1252", "10 €")]
    [InlineData("Shift_JIS", "日本語")]
    [InlineData("gb18030", "中文")]
    [InlineData("IBM037", "Grosse")]
    [InlineData("IBM500", "Gro!e")]
    public void A_declared_encoding_is_believed_where_the_bytes_are_no_UTF_8(string name, string word)
    {
        var text = Text.Replace("ENC", name, StringComparison.Ordinal).Replace("Größe", word, StringComparison.Ordinal);
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        Assert.Equal(text, Decode(encoding.GetBytes(text)));
    }

    [Fact]
    public void Text_that_is_UTF_8_is_taken_as_such_whatever_its_label_says()
    {
        foreach (var label in new[] { "iso-8859-1", "windows-1252", "utf-16", "us-ascii", "klingon", "" })
        {
            var text = Text.Replace("ENC", label, StringComparison.Ordinal);
            Assert.Equal(text, Decode(Encoding.UTF8.GetBytes(text)));
        }
    }

    [Theory]
    [InlineData("<a>\u00FF</a>")]
    [InlineData("<?xml version='1.0'?><a>\u00FF</a>")]
    [InlineData("<?xml version='1.0' encoding='utf-8'?><a>\u00FF</a>")]
    [InlineData("<?xml version='1.0' encoding='UTF-8'?><a>\u00C3</a>")]
    [InlineData("<?xml version='1.0' encoding='us-ascii'?><a>\u00FF</a>")]
    [InlineData("<?xml version='1.0' encoding='utf-16'?><a>\u00FF</a>")]
    [InlineData("<?xml version='1.0' encoding='utf-7'?><a>\u00FF</a>")]
    [InlineData("<?xml version='1.0' encoding='IBM037'?><a>\u00FF</a>")]
    [InlineData("<?xml version='1.0' encoding='klingon'?><a>\u00FF</a>")]
    [InlineData("<?xml version='1.0' encoding=''?><a>\u00FF</a>")]
    [InlineData("<?xml version='1.0' encoding=?><a>\u00FF</a>")]
    [InlineData("<?xml version='1.0' encoding='iso-8859-1\u00FF")]
    [InlineData("\u00EF\u00BB\u00BF<?xml version='1.0' encoding='iso-8859-1'?><a>\u00FF</a>")]
    [InlineData("\u00FF")]
    [InlineData("\u00FF\u00FE<")]
    [InlineData("\u00FF\u00FE<\0a")]
    [InlineData("\u00FF\u00FE\0\u00D8<\0")]
    public void Bytes_in_no_encoding_are_no_text(string latin1)
    {
        Assert.Equal(XmlBodyResult.NotText, XmlBody.TryDecode(Encoding.Latin1.GetBytes(latin1), out var text, out var error));
        Assert.Equal("", text);
        Assert.EndsWith(".", error);
    }

    [Fact]
    public void Nothing_is_empty_text()
    {
        Assert.Equal("", Decode([]));
        Assert.Equal("", Decode(" \r\n\t"u8.ToArray()));
        Assert.Equal("", Decode([0xEF, 0xBB, 0xBF]));
    }

    [Fact]
    public void Gzip_is_told_by_its_first_bytes()
    {
        Assert.Equal("<a/>", Decode(Gzip("\uFEFF <a/>"u8)));
        Assert.Equal("<a>ö</a>", Decode(Gzip(Encoding.Unicode.GetBytes("<a>ö</a>"))));
        Assert.Equal("<a></a>", Decode([.. Gzip("<a>"u8), .. Gzip("</a>"u8)]));
    }

    [Fact]
    public void Broken_gzip_is_no_text()
    {
        var packed = Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 2000).Select(i => $"<a{i}/>"))));
        var flipped = packed.ToArray();
        flipped[packed.Length / 2] ^= 0x55;

        foreach (var body in new[] { packed[..(packed.Length / 2)], packed[..12], packed[..2], flipped, Gzip(packed) })
        {
            Assert.Equal(XmlBodyResult.NotText, XmlBody.TryDecode(body, out _, out _));
        }
    }

    [Fact]
    public void A_mebibyte_is_read_and_no_byte_more_packed_or_not()
    {
        var longest = Encoding.UTF8.GetBytes($"<a>{new string('x', XmlBody.MaxBytes - 7)}</a>");
        Assert.Equal(XmlBody.MaxBytes, Decode(longest).Length);
        Assert.Equal(XmlBody.MaxBytes, Decode(Gzip(longest)).Length);
        foreach (var body in new[] { [.. longest, (byte)' '], Gzip([.. longest, (byte)' ']), Gzip(new byte[64 << 20]) })
        {
            Assert.Equal(XmlBodyResult.TooLarge, XmlBody.TryDecode(body, out _, out var error));
            Assert.Contains("1048576", error);
        }
    }

    [Fact]
    public void A_message_that_is_too_large_says_so()
    {
        var refusal = Read.Refused(TrackerCodec.ReadRequest(Gzip(new byte[2 << 20])));
        Assert.Equal((ResponseCode.InvalidSyntax, true), (refusal.Code, refusal.TooLarge));
        Assert.False(Read.Refused(Read.TrackerText("<a/>")).TooLarge);
    }

    [Fact]
    public void A_slice_of_a_larger_buffer_is_read_as_it_is()
    {
        byte[] packed = [1, 2, 3, .. Gzip("<a/>"u8), 4, 5];
        Assert.Equal("<a/>", Decode(packed.AsMemory()[3..^2]));
    }

    internal static byte[] Gzip(ReadOnlySpan<byte> bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return target.ToArray();
    }

    private static string Decode(byte[] body) => Decode(body.AsMemory());

    private static string Decode(ReadOnlyMemory<byte> body)
    {
        Assert.Equal((XmlBodyResult.Ok, ""), (XmlBody.TryDecode(body, out var text, out var error), error));
        return text;
    }
}
