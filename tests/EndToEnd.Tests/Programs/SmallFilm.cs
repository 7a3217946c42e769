using System.Globalization;

namespace EndToEnd.Tests.Programs;

/// <summary>A folder of small chunks of random bytes: enough of a film where nobody decodes it.</summary>
internal static class SmallFilm
{
    private const int ChunkBytes = 2000;

    public static string NameOf(int index) => $"film-{index.ToString("D5", CultureInfo.InvariantCulture)}.ts";

    /// <summary>Writes the chunks into a folder, made if need be.</summary>
    public static IReadOnlyList<byte[]> Make(string folder, int chunks, int seed = 1)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(seed);
        var content = Enumerable.Range(0, chunks).Select(_ => new byte[ChunkBytes]).ToList();
        for (var i = 0; i < chunks; i++)
        {
            random.NextBytes(content[i]);
            File.WriteAllBytes(Path.Combine(folder, NameOf(i)), content[i]);
        }

        return content;
    }
}
