using System.Buffers.Binary;
using System.Globalization;

namespace EndToEnd.Tests.Storing;

/// <summary>
/// A film of many large chunks of different lengths. Its bytes are made from the chunk's number, so that nobody has to keep
/// them; no page of a chunk is found anywhere else.
/// </summary>
internal sealed class LongFilm
{
    private const int Page = 4096;
    private const int ShortestChunk = 500_000;
    private const int LongestChunk = 1_600_000;

    private readonly byte[] _noise = new byte[LongestChunk];
    private readonly int[] _lengths;

    /// <summary>A film of so many bytes or a little more.</summary>
    public LongFilm(long bytes)
    {
        var random = new Random(20261121);
        random.NextBytes(_noise);
        var lengths = new List<int>();
        for (var left = bytes; left > 0; left -= lengths[^1])
        {
            lengths.Add(random.Next(ShortestChunk, LongestChunk));
        }

        _lengths = [.. lengths];
    }

    /// <summary>How many chunks there are.</summary>
    public int Count => _lengths.Length;

    public static string NameOf(int index) => $"film-{index.ToString("D5", CultureInfo.InvariantCulture)}.ts";

    /// <summary>The bytes of a chunk.</summary>
    public byte[] BytesOf(int index)
    {
        var bytes = _noise.AsSpan(0, _lengths[index]).ToArray();
        for (var at = 0; at + sizeof(long) <= bytes.Length; at += Page)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(at), ((long)index << 32) + at);
        }

        return bytes;
    }

    /// <summary>Writes the chunks into a folder.</summary>
    public async Task WriteAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        for (var i = 0; i < Count; i++)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, NameOf(i)), BytesOf(i));
        }
    }
}
