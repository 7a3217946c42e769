using PeerAgent.Media.Publishing;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Tests.Publishing;

public sealed class ChunkFolderTests
{
    [Theory]
    [InlineData("A1-00000.mp4", "video", LevelKind.None, null)]
    [InlineData("A1-00000.m4a", "audio", LevelKind.None, null)]
    [InlineData("A1-00000.vtt", "text", LevelKind.None, null)]
    [InlineData("A1-L0-00000.264", "video", LevelKind.Layer, null)]
    [InlineData("A1-V2-L0-00000.264", "video", LevelKind.Layer, 2)]
    [InlineData("A1-D0-0000.h264", "video", LevelKind.Description, null)]
    public async Task Each_form_of_name_is_understood(string name, string type, LevelKind kind, int? views)
    {
        using var folder = Chunks.Folder(name);
        var content = Chunks.Done(await ChunkFolder.ReadAsync(folder.Path, CancellationToken.None));
        var component = Assert.Single(content.Components);
        Assert.Equal(("A1", type, kind, views, 0), (content.ContentId, component.Type, component.Form.Kind, component.Form.Views, component.From));
        Assert.Equal(folder[name], Assert.Single(Assert.Single(component.Levels)).Path);
        Assert.Empty(content.Warnings);
    }

    [Fact]
    public async Task Chunks_are_ordered_by_level_and_number_however_many_digits()
    {
        using var folder = Chunks.Folder("a-L1-9.ts", "a-L1-10.ts", "a-L0-10.ts", "a-L0-00009.ts");
        var content = Chunks.Done(await ChunkFolder.ReadAsync(folder.Path, CancellationToken.None));
        var component = Assert.Single(content.Components);
        Assert.Equal(9, component.From);
        Assert.Equal(
            [["a-L0-00009.ts", "a-L0-10.ts"], ["a-L1-9.ts", "a-L1-10.ts"]],
            component.Levels.Select(l => l.Select(f => f.FileName).ToArray()));
    }

    [Fact]
    public async Task Picture_and_sound_with_plain_names_become_two_components()
    {
        using var folder = Chunks.Folder("a-0.m4a", "a-1.m4a", "a-0.mp4");
        var content = Chunks.Done(await ChunkFolder.ReadAsync(folder.Path, CancellationToken.None));
        Assert.Equal([("video", 1), ("audio", 2)], content.Components.Select(c => (c.Type, c.Levels[0].Count)));
    }

    [Theory]
    [InlineData("a-0.m4s", "init.mp4")]
    [InlineData("a-0.m4s", "a-init-00000.mp4")]
    [InlineData("a-L0-0.m4s", "a-L1-0.m4s", "a-init-L0-0.mp4", "a-init-L1-0.mp4")]
    [InlineData("a-L0-0.m4s", "a-L1-0.m4s", "a-init-0.mp4")]
    public async Task Initialisation_files_are_no_chunks_of_the_content(params string[] names)
    {
        using var folder = Chunks.Folder(names);
        var component = Assert.Single(Chunks.Done(await ChunkFolder.ReadAsync(folder.Path, CancellationToken.None)).Components);
        Assert.Equal(names.Where(n => n.Contains("init")), component.Inits.Select(f => f.FileName));
        Assert.Equal(names.Count(n => !n.Contains("init")), component.Levels.Sum(l => l.Count));
    }

    [Fact]
    public async Task Initialisation_files_go_to_the_component_with_their_extension()
    {
        using var folder = Chunks.Folder("a-0.mp4", "a-0.m4a", "a-init-0.mp4", "a-init-0.m4a");
        var content = Chunks.Done(await ChunkFolder.ReadAsync(folder.Path, CancellationToken.None));
        Assert.Equal(["a-init-0.mp4", "a-init-0.m4a"], content.Components.Select(c => Assert.Single(c.Inits).FileName));
    }

    [Fact]
    public async Task Unknown_files_are_named_in_a_warning_and_companions_are_not()
    {
        using var folder = Chunks.Folder("a-0.ts", "a.xml", "README.md", "notes.txt", "a.m3u8", "make.sh", ".hidden", "cover.jpg", "a.bin");
        var content = Chunks.Done(await ChunkFolder.ReadAsync(folder.Path, CancellationToken.None));
        Assert.Equal(["Left out, because the names are no chunk names: a.bin, cover.jpg."], content.Warnings);
    }

    [Fact]
    public async Task The_warning_about_unknown_files_is_bounded()
    {
        using var folder = Chunks.Folder([.. Enumerable.Range(0, 11).Select(i => $"f{i:D2}"), "a-0.ts"]);
        var content = Chunks.Done(await ChunkFolder.ReadAsync(folder.Path, CancellationToken.None));
        Assert.EndsWith(": f00, f01, f02, f03, f04, f05, f06, f07 and 3 more.", Assert.Single(content.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'a-L0-00001.ts' is missing, although there are chunks before and behind it.", "a-L0-0.ts", "a-L0-2.ts")]
    [InlineData("Level 1 has the chunks 0 to 0, but level 0 has 0 to 1; all levels need the same chunks.", "a-L0-0.ts", "a-L0-1.ts", "a-L1-0.ts")]
    [InlineData("Level L1 has no chunks, but L2 has; levels are counted from 0 without a gap.", "a-L0-0.ts", "a-L2-0.ts")]
    [InlineData("Level D0 has no chunks, but D1 has; levels are counted from 0 without a gap.", "a-D1-0.h264")]
    [InlineData("'a-D0-0.ts' and 'a-L0-0.ts' mix names with L, with D and without a level; give all chunks the same form.", "a-L0-0.ts", "a-D0-0.ts")]
    [InlineData("'a-0.ts' and 'a-L0-0.ts' mix names with L, with D and without a level; give all chunks the same form.", "a-L0-0.ts", "a-0.ts")]
    [InlineData("'a-V2-L0-0.ts' and 'a-V3-L0-1.ts' have different numbers of views; give all chunks the same.", "a-V2-L0-0.ts", "a-V3-L0-1.ts")]
    [InlineData("'a-0.ts' and 'a-00.ts' are the same chunk; remove one of them.", "a-0.ts", "a-00.ts")]
    [InlineData("The folder holds the chunks of several contents (a, b); put each into a folder of its own.", "a-0.ts", "b-0.ts")]
    [InlineData("The folder holds the chunks of several contents (a, b-init); put each into a folder of its own.", "a-0.ts", "b-init-0.ts")]
    [InlineData("The content id 'a-L1' ends like a level or a view, so its chunk names could not be read back; rename the files.", "a-L1-L0-0.ts")]
    [InlineData("The folder holds .mp4 and .ts chunks, both video; keep one of them.", "a-0.ts", "a-0.mp4")]
    [InlineData("'a-init-0.m4a' belongs to none of the chunks; give it the extension of the chunks it starts.", "a-0.mp4", "a-init-0.m4a")]
    [InlineData("'a-init-1.mp4' must have the chunk number 0.", "a-0.mp4", "a-init-1.mp4")]
    [InlineData("The initialisation files 'a-init-0.mp4', 'init.mp4' do not fit: there must be one for all levels, or one a level, named like the chunks.", "a-0.mp4", "a-init-0.mp4", "init.mp4")]
    [InlineData("The initialisation files 'a-init-L0-0.mp4' do not fit: there must be one for all levels, or one a level, named like the chunks.", "a-L0-0.mp4", "a-L1-0.mp4", "a-init-L0-0.mp4")]
    [InlineData(
        "The folder holds .mp4 and .m4a chunks, and 'a-L0-0.mp4' has a level; chunks of picture and sound can lie side by side only with plain names such as 'name-00000.mp4'.",
        "a-L0-0.mp4",
        "a-0.m4a")]
    public async Task Contradictions_are_told_in_a_sentence(string error, params string[] names)
    {
        using var folder = Chunks.Folder(names);
        Assert.Equal(error, Chunks.Error(await ChunkFolder.ReadAsync(folder.Path, CancellationToken.None)));
    }

    [Fact]
    public async Task A_folder_that_is_missing_or_has_no_chunks_is_refused()
    {
        using var folder = Chunks.Folder("readme.txt");
        Assert.Equal(
            $"The folder '{folder["none"]}' does not exist.",
            Chunks.Error(await ChunkFolder.ReadAsync(folder["none"], CancellationToken.None)));
        Assert.Equal(
            $"The folder '{folder.Path}' has no chunks; their names look like 'name-00000.mp4' or 'name-L0-00000.ts'.",
            Chunks.Error(await ChunkFolder.ReadAsync(folder.Path, CancellationToken.None)));
    }

    [Fact]
    public async Task Empty_and_huge_chunks_are_refused()
    {
        using var folder = Chunks.Folder("a-0.ts");
        await using (var huge = File.OpenWrite(folder["a-0.ts"]))
        {
            huge.SetLength(ChunkFolder.MaxChunkLength);
        }

        Chunks.Done(await ChunkFolder.ReadAsync(folder.Path, CancellationToken.None));
        await using (var huge = File.OpenWrite(folder["a-0.ts"]))
        {
            huge.SetLength(ChunkFolder.MaxChunkLength + 1);
        }

        Assert.Equal(
            "'a-0.ts' is larger than 64 MiB, the most a chunk may have; cut the content into shorter chunks.",
            Chunks.Error(await ChunkFolder.ReadAsync(folder.Path, CancellationToken.None)));
        await File.WriteAllBytesAsync(folder["a-0.ts"], []);
        Assert.Equal(
            "'a-0.ts' is empty; write it again or remove it.",
            Chunks.Error(await ChunkFolder.ReadAsync(folder.Path, CancellationToken.None)));
    }

    [Fact]
    public async Task A_link_counts_with_the_length_of_what_it_points_to()
    {
        using var folder = Chunks.Folder("whole.txt");
        File.WriteAllBytes(folder["whole.txt"], new byte[1234]);
        File.CreateSymbolicLink(folder["a-0.ts"], folder["whole.txt"]);
        var content = Chunks.Done(await ChunkFolder.ReadAsync(folder.Path, CancellationToken.None));
        Assert.Equal(1234, content.Components[0].Levels[0][0].Length);
    }
}
