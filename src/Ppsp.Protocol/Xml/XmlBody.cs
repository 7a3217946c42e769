using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Ppsp.Protocol.Xml;

/// <summary>
/// From the bytes of a message or manifest to its text: gunzip by magic, byte order mark or byte pattern, then the
/// declaration; leading white space dropped. Text that is really UTF-8 is taken as such whatever its label says.
/// </summary>
public static class XmlBody
{
    /// <summary>Longest text that is read, in bytes before and after gunzip: 1 MiB.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Header of ten bytes and trailer of eight.</summary>
    private const int ShortestGzip = 18;

    private const string Damaged = "The body starts like gzip, but cannot be unpacked: it is damaged or cut off.";

    private static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B];

    /// <summary>Decodes a body.</summary>
    /// <param name="body">The bytes as received.</param>
    /// <param name="text">The text, without byte order mark and leading white space; empty unless the result is <see cref="XmlBodyResult.Ok"/>.</param>
    /// <param name="error">What is wrong, one sentence; empty when nothing is.</param>
    /// <returns>How it went.</returns>
    public static XmlBodyResult TryDecode(ReadOnlyMemory<byte> body, out string text, out string error)
    {
        text = "";
        var result = TryGunzip(body, out var plain, out error);
        if (result != XmlBodyResult.Ok)
        {
            return result;
        }

        return BodyEncoding.TryDecode(plain.Span, out text, out error) ? XmlBodyResult.Ok : XmlBodyResult.NotText;
    }

    /// <summary>The bytes themselves, or what they unpack to where they are gzip.</summary>
    internal static XmlBodyResult TryGunzip(ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> plain, out string error)
    {
        plain = body;
        error = "";
        if (body.Length > MaxBytes)
        {
            error = $"The body has {body.Length} bytes; at most {MaxBytes} are read.";
            return XmlBodyResult.TooLarge;
        }

        return body.Span.StartsWith(GzipMagic) ? Gunzip(body, out plain, out error) : XmlBodyResult.Ok;
    }

    private static XmlBodyResult Gunzip(ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> plain, out string error)
    {
        error = "";
        plain = default;
        var packed = MemoryMarshal.TryGetArray(body, out var segment) ? segment : new ArraySegment<byte>(body.ToArray());
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(MaxBytes + 1, 4 * body.Length));
        try
        {
            using var source = new MemoryStream(packed.Array!, packed.Offset, packed.Count, writable: false);
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            var length = 0;
            while (gzip.Read(buffer, length, buffer.Length - length) is var read and > 0)
            {
                length += read;
                if (length > MaxBytes)
                {
                    error = $"The body unpacks to more than the {MaxBytes} bytes that are read.";
                    return XmlBodyResult.TooLarge;
                }

                buffer = length == buffer.Length ? Grow(buffer) : buffer;
            }

            if (!IsWhole(body.Span, length))
            {
                error = Damaged;
                return XmlBodyResult.NotText;
            }

            plain = buffer.AsSpan(0, length).ToArray();
            return XmlBodyResult.Ok;
        }
        catch (InvalidDataException)
        {
            error = Damaged;
            return XmlBodyResult.NotText;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// The stream that unpacks takes a body that is cut off for its end. The last four bytes tell how long the last part of
    /// the text is (RFC 1952, section 2.3.1), so they cannot name more than there is.
    /// </summary>
    private static bool IsWhole(ReadOnlySpan<byte> packed, int length) =>
        packed.Length >= ShortestGzip && BinaryPrimitives.ReadUInt32LittleEndian(packed[^4..]) <= length;

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(MaxBytes + 1, buffer.Length * 2));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
