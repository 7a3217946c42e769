using System.Security.Cryptography;
using PeerAgent.Media.Manifest;
using PeerAgent.Media.Streams;

namespace PeerAgent.Media.Tests.Publishing;

/// <summary>The film that lies in samples/film.</summary>
public sealed class SampleFilmTests
{
    private const long MostBytes = 4 << 20;

    private static readonly string Film = FindFilm();

    [Fact]
    public void Its_chunks_are_what_its_manifest_promises()
    {
        var stream = Read();
        Assert.Equal(("sample-film", "sample/film"), (stream.SwarmId.Value, stream.Clips[0].Name));
        var layout = new ChunkLayout(stream);
        Assert.Equal(30, layout.ChunkCount);
        var files = Directory.GetFiles(Film, "*.ts");
        Assert.Equal(30, files.Length);
        foreach (var file in files)
        {
            Assert.True(layout.TryResolve(Path.GetFileName(file), out var chunk), file);
            Assert.Equal(Path.GetFileName(file), layout.NameOf(chunk.Value));
            Assert.Equal(SHA256.HashData(File.ReadAllBytes(file)), layout.HashOf(chunk.Value)?.ToArray());
        }
    }

    [Fact]
    public void It_is_small() =>
        Assert.InRange(Directory.GetFiles(Film).Sum(f => new FileInfo(f).Length), 1, MostBytes);

    [Fact]
    public void It_has_three_levels_of_ten_chunks_of_two_seconds()
    {
        var clip = Read().Clips[0];
        var segment = clip.Components[0].Segments[0];
        Assert.Equal((3, 10, TimeSpan.FromSeconds(2)), (segment.Levels, segment.Count, segment.ChunkDuration));
        Assert.Equal([(320, 180), (640, 360), (960, 540)], clip.Video!.Qualities.Select(q => (q.Width, q.Height)));
        Assert.Equal(20, clip.Duration!.Value.TotalSeconds, 0.1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_frame_of_it_decodes(int level)
    {
        using var folder = new TempFolder();
        var chunks = Directory.GetFiles(Film, $"film-L{level}-*.ts").Order(StringComparer.Ordinal);
        await File.WriteAllBytesAsync(folder["film.ts"], [.. chunks.SelectMany(File.ReadAllBytes)]);
        Assert.Equal(500, await SourceClips.DecodeAsync(folder["film.ts"]));
    }

    private static StreamInfo Read()
    {
        var outcome = StreamInfoReader.Read(File.ReadAllBytes(Path.Combine(Film, "film.xml")));
        Assert.True(outcome.TryGet(out var stream, out var error), error?.ToString());
        return stream;
    }

    private static string FindFilm()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ppsp.Peer.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? ".", "samples", "film");
    }
}
