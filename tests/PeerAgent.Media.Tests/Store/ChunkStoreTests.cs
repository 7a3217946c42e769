using PeerAgent.Media.Store;
using static PeerAgent.Media.Tests.Store.TestStore;

namespace PeerAgent.Media.Tests.Store;

public sealed class ChunkStoreTests
{
    [Theory]
    [InlineData(1 << 20)]
    [InlineData(0)]
    public async Task A_chunk_comes_back_as_it_was_put_from_memory_and_from_disk(int memoryBytes)
    {
        using var test = Open(o => o.MemoryBytes = memoryBytes);
        var chunks = test.Store.Open(Stream());
        var content = Bytes(1);

        Assert.Equal(PutOutcome.Stored, await chunks.PutAsync(Chunk(3), content, default));
        Assert.Equal(PutOutcome.AlreadyHeld, await chunks.PutAsync(Chunk(3), content, default));

        Assert.Equal(content, await ReadAsync(chunks, 3));
        Assert.Null(await chunks.OpenAsync(Chunk(4), default));
        Assert.True(chunks.Contains(Chunk(3)));
        Assert.Equal([3L], chunks.GetMaps()[0].Segments[0].Held());
        Assert.Equal(16, chunks.GetMaps()[0].Segments[0].Length);
    }

    [Fact]
    public async Task After_a_restart_the_map_is_what_is_really_there()
    {
        using var test = Open();
        var chunks = test.Store.Open(Stream());
        foreach (var i in (int[])[0, 5, 15])
        {
            await chunks.PutAsync(Chunk(i), Bytes(i), default);
        }

        File.Delete(test.Files().Single(f => Path.GetFileName(f).StartsWith("5-", StringComparison.Ordinal)));
        test.Reopen();
        var again = test.Store.Open(Stream());

        Assert.Equal([0L, 15L], again.GetMaps()[0].Segments[0].Held());
        Assert.Equal(2, again.HeldCount);
        Assert.Equal(2000, test.Store.DiskBytes);
        Assert.Equal(Bytes(15), await ReadAsync(again, 15));
    }

    [Fact]
    public async Task Leftovers_of_a_write_that_was_cut_off_are_no_chunks_and_go_at_the_next_start()
    {
        using var test = Open();
        var chunks = test.Store.Open(Stream());
        await chunks.PutAsync(Chunk(0), Bytes(0), default);
        var folder = Path.GetDirectoryName(test.Files()[0])!;
        var whole = Path.GetFileName(test.Files()[0]);
        File.WriteAllBytes(Path.Combine(folder, $"1{whole[1..]}.0f.tmp"), Bytes(1, 300));
        File.WriteAllBytes(Path.Combine(folder, $"2{whole[1..]}"), []);

        test.Reopen();
        var again = test.Store.Open(Stream());

        Assert.Equal([0L], again.GetMaps()[0].Segments[0].Held());
        Assert.Equal([whole], Directory.GetFiles(folder).Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public async Task A_chunk_that_does_not_match_its_hash_is_not_kept()
    {
        using var test = Open();
        var chunks = test.Store.Open(Stream(chunks: 2, content: [Bytes(0), Bytes(1)]));

        Assert.Equal(PutOutcome.Damaged, await chunks.PutAsync(Chunk(0), Bytes(1), default));

        Assert.Empty(test.Files());
        Assert.Equal(0, chunks.HeldCount);
        Assert.Equal(PutOutcome.Stored, await chunks.PutAsync(Chunk(0), Bytes(0), default));
    }

    [Fact]
    public async Task A_chunk_damaged_on_disk_is_found_at_its_first_use_and_can_be_put_again()
    {
        using var test = Open();
        var info = Stream(chunks: 2, content: [Bytes(0), Bytes(1)]);
        await test.Store.Open(info).PutAsync(Chunk(0), Bytes(0), default);
        var damaged = Bytes(0);
        damaged[500] ^= 1;
        File.WriteAllBytes(test.Files()[0], damaged);
        test.Reopen();
        var chunks = test.Store.Open(info);
        var changes = 0;
        chunks.Changed += () => changes++;

        Assert.Null(await chunks.OpenAsync(Chunk(0), default));

        Assert.Equal((0, 1), (chunks.HeldCount, changes));
        Assert.Equal(PutOutcome.Stored, await chunks.PutAsync(Chunk(0), Bytes(0), default));
        Assert.Equal(Bytes(0), await ReadAsync(chunks, 0));
    }

    [Fact]
    public async Task A_file_that_somebody_deleted_is_not_held_any_more()
    {
        using var test = Open(o => o.MemoryBytes = 0);
        var chunks = test.Store.Open(Stream());
        await chunks.PutAsync(Chunk(0), Bytes(0), default);
        File.Delete(test.Files()[0]);

        Assert.Null(await chunks.OpenAsync(Chunk(0), default));
        Assert.False(chunks.Contains(Chunk(0)));
    }

    [Fact]
    public async Task The_limit_holds_the_oldest_go_and_the_map_shrinks()
    {
        using var test = Open(o => (o.MaxBytes, o.MemoryBytes) = ((4 << 20) + 100, 0));
        var chunks = test.Store.Open(Stream());
        for (var i = 0; i < 8; i++)
        {
            await chunks.PutAsync(Chunk(i), Bytes(i, 1 << 20), default);
            (await chunks.OpenAsync(Chunk(0), default))?.Dispose();
            Assert.True(test.Store.DiskBytes <= (4 << 20) + 100);
            Assert.True(test.ApparentSize() <= (4 << 20) + 100);
        }

        Assert.Equal([0L, 5L, 6L, 7L], chunks.GetMaps()[0].Segments[0].Held());
    }

    [Fact]
    public async Task Eviction_crosses_streams_and_earlier_runs_but_spares_what_is_pinned()
    {
        using var test = Open(o => (o.MaxBytes, o.MemoryBytes) = ((3 << 20) + 100, 0));
        var pinned = test.Store.Open(Stream("pinned"));
        await pinned.PutAsync(Chunk(0), Bytes(0, 1 << 20), default);
        await test.Store.Open(Stream("old")).PutAsync(Chunk(0), Bytes(1, 1 << 20), default);
        test.Reopen();
        pinned = test.Store.Open(Stream("pinned"));
        pinned.IsPinned = true;
        var current = test.Store.Open(Stream("new"));

        await current.PutAsync(Chunk(0), Bytes(2, 1 << 20), default);
        await current.PutAsync(Chunk(1), Bytes(3, 1 << 20), default);

        Assert.Equal((1, 2, 0), (pinned.HeldCount, current.HeldCount, test.Store.Open(Stream("old")).HeldCount));
    }

    [Fact]
    public async Task A_chunk_that_finds_no_room_plays_from_memory_and_is_promised_to_nobody()
    {
        using var test = Open(o => o.MaxBytes = 1 << 20);
        var chunks = test.Store.Open(Stream());

        Assert.Equal(PutOutcome.MemoryOnly, await chunks.PutAsync(Chunk(0), Bytes(0, 2 << 20), default));

        Assert.False(chunks.Contains(Chunk(0)));
        Assert.Equal(0, chunks.HeldCount);
        Assert.Equal(Bytes(0, 2 << 20), await ReadAsync(chunks, 0));
    }

    [Fact]
    public async Task A_disk_that_refuses_does_not_stop_playback()
    {
        using var test = Open();
        Directory.Delete(Path.Combine(test.Root, "chunks"), recursive: true);
        File.WriteAllText(Path.Combine(test.Root, "chunks"), "in the way");
        var chunks = test.Store.Open(Stream());

        Assert.Equal(PutOutcome.MemoryOnly, await chunks.PutAsync(Chunk(0), Bytes(0), default));

        Assert.Equal(Bytes(0), await ReadAsync(chunks, 0));
        Assert.Equal(0, test.Store.DiskBytes);
    }

    [Fact]
    public async Task Memory_holds_its_limit_and_forgets_the_least_used()
    {
        using var test = Open(o => o.MemoryBytes = 10_000);
        var chunks = test.Store.Open(Stream());
        for (var i = 0; i < 16; i++)
        {
            await chunks.PutAsync(Chunk(i), Bytes(i), default);
            Assert.True(test.Store.MemoryBytes <= 10_000);
        }

        Assert.Equal(16, chunks.HeldCount);
        for (var i = 0; i < 16; i++)
        {
            Assert.Equal(Bytes(i), await ReadAsync(chunks, i));
            Assert.True(test.Store.MemoryBytes <= 10_000);
        }
    }

    [Fact]
    public async Task A_lease_stays_readable_when_the_chunk_is_evicted()
    {
        using var test = Open(o => (o.MaxBytes, o.MemoryBytes) = (1 << 20, 0));
        var chunks = test.Store.Open(Stream());
        await chunks.PutAsync(Chunk(0), Bytes(0, 600_000), default);
        using var lease = await chunks.OpenAsync(Chunk(0), default);
        await chunks.PutAsync(Chunk(1), Bytes(1, 600_000), default);

        Assert.False(chunks.Contains(Chunk(0)));
        Assert.Equal(Bytes(0, 600_000), Read(lease!));
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("/")]
    [InlineData("..")]
    [InlineData("a/b\\c:*?\"<>|")]
    [InlineData("ünïcödé 漢字")]
    public async Task No_swarm_name_leads_out_of_the_folder(string swarm)
    {
        using var test = Open();
        await test.Store.Open(Stream(swarm)).PutAsync(Chunk(0), Bytes(0), default);

        Assert.StartsWith(Path.Combine(test.Root, "chunks"), Assert.Single(test.Files()), StringComparison.Ordinal);
        test.Reopen();
        Assert.Equal(1, test.Store.Open(Stream(swarm)).HeldCount);
    }

    [Fact]
    public async Task Many_at_once_leave_map_disk_and_budgets_in_agreement()
    {
        using var test = Open(o => (o.MaxBytes, o.MemoryBytes) = (1 << 20, 200_000));
        var chunks = test.Store.Open(Stream(chunks: 64));
        await Parallel.ForAsync(0, 2000, async (i, ct) =>
        {
            var index = i * 7919 % 64;
            if (i % 3 == 0)
            {
                await chunks.PutAsync(Chunk(index), Bytes(index, 30_000), ct);
            }
            else if (await chunks.OpenAsync(Chunk(index), ct) is { } lease)
            {
                Assert.Equal(Bytes(index, 30_000), Read(lease));
            }
        });

        var held = chunks.GetMaps()[0].Segments[0].Held().ToList();
        Assert.Equal(held.Count, chunks.HeldCount);
        Assert.Equal(held.Order(), test.Files().Select(f => long.Parse(Path.GetFileName(f).Split('-')[0], System.Globalization.CultureInfo.InvariantCulture)).Order());
        Assert.Equal(held.Count * 30_000, test.Store.DiskBytes);
        Assert.True(test.Store.MemoryBytes <= 200_000);
    }

    [Fact]
    public async Task A_moved_live_window_keeps_what_it_still_covers()
    {
        using var test = Open();
        var chunks = test.Store.Open(Stream(chunks: 4));
        await chunks.PutAsync(Chunk(1), Bytes(1), default);
        var info = Stream(chunks: 4);
        var moved = info with
        {
            IsLive = true,
            Clips = [info.Clips[0] with { Components = [new("video", [info.Clips[0].Components[0].Segments[0] with { From = 1, IsRange = true }])] }],
        };
        var version = chunks.Version;

        chunks.Update(moved);

        Assert.Equal([1L], chunks.GetMaps()[0].Segments[0].Held());
        Assert.True(chunks.Version > version);
        Assert.Equal(PutOutcome.Refused, await chunks.PutAsync(Chunk(0), Bytes(0), default));
        Assert.Equal(PutOutcome.Stored, await chunks.PutAsync(Chunk(4), Bytes(4), default));
    }

    [Fact]
    public void A_folder_in_use_is_refused_with_the_setting_to_change()
    {
        using var test = Open();
        var error = Assert.Throws<StoreUnavailableException>(() => new StateFolder(Microsoft.Extensions.Options.Options.Create(test.Options)));
        Assert.Contains("PeerAgent:Store:Path", error.Message, StringComparison.Ordinal);
    }
}
