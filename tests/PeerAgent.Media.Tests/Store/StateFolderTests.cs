using Microsoft.Extensions.Options;
using PeerAgent.Media.Store;
using static PeerAgent.Media.Tests.Store.TestStore;

namespace PeerAgent.Media.Tests.Store;

public sealed class StateFolderTests
{
    [Fact]
    public void The_folder_is_free_again_once_it_was_disposed()
    {
        using var test = Open();
        test.Reopen();
        Assert.True(Directory.Exists(test.Root));
    }

    [Fact]
    public void What_was_left_of_publishing_is_gone_at_the_next_start()
    {
        using var test = Open();
        var work = Path.Combine(test.Root, "publish");
        Directory.CreateDirectory(Path.Combine(work, "deep"));
        File.WriteAllText(Path.Combine(work, "deep", "film-00000.ts"), "half");

        test.Reopen();

        Assert.False(Directory.Exists(work));
    }

    [Fact]
    public void A_file_in_the_way_is_refused_with_the_setting_to_change()
    {
        using var temp = new TempFolder();
        File.WriteAllText(temp["state"], "");

        var error = Assert.Throws<StoreUnavailableException>(() => new StateFolder(Options.Create(new StoreOptions { Path = temp["state"] })));

        Assert.Contains("PeerAgent:Store:Path", error.Message, StringComparison.Ordinal);
        Assert.Contains(temp["state"], error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task Beside_the_chunks_of_a_swarm_stands_which_swarm_that_is()
    {
        using var test = Open();
        await test.Store.Open(Stream("a/../b c")).PutAsync(Chunk(0), Bytes(0), default);

        var note = Assert.Single(Directory.EnumerateFiles(test.Root, "swarm.txt", SearchOption.AllDirectories));

        Assert.Equal("a/../b c\n", File.ReadAllText(note));
        Assert.Equal(Path.GetDirectoryName(Path.GetDirectoryName(test.Files()[0])), Path.GetDirectoryName(note));
    }

    [Fact]
    public async Task Files_of_others_are_left_alone_and_chunks_that_are_too_large_are_dropped()
    {
        using var test = Open();
        await test.Store.Open(Stream()).PutAsync(Chunk(0), Bytes(0), default);
        await test.Store.Open(Stream()).PutAsync(Chunk(1), Bytes(1, 5000), default);
        var foreign = Path.Combine(Path.GetDirectoryName(test.Files()[0])!, "notes.chunk");
        File.WriteAllText(foreign, "mine");
        test.Options.MaxChunkBytes = 4000;

        test.Reopen();

        Assert.True(File.Exists(foreign));
        Assert.Equal(1000, test.Store.DiskBytes);
        Assert.Equal([0L], test.Store.Open(Stream()).GetMaps()[0].Segments[0].Held());
    }

    [Fact]
    public async Task A_lower_limit_holds_from_the_start()
    {
        using var test = Open();
        for (var i = 0; i < 4; i++)
        {
            await test.Store.Open(Stream()).PutAsync(Chunk(i), Bytes(i, 1 << 20), default);
            File.SetLastWriteTimeUtc(test.Files().Single(f => Path.GetFileName(f).StartsWith($"{i}-", StringComparison.Ordinal)), new DateTime(2020, 1, 10 - i, 0, 0, 0, DateTimeKind.Utc));
        }

        test.Options.MaxBytes = (2 << 20) + 100;
        test.Reopen();

        Assert.Equal(2 << 20, test.Store.DiskBytes);
        Assert.Equal([0L, 1L], test.Store.Open(Stream()).GetMaps()[0].Segments[0].Held());
        Assert.Equal(2, test.Files().Count);
    }
}
