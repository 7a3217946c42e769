using PeerAgent.Media.Store;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;
using static PeerAgent.Media.Tests.Store.TestStore;

namespace PeerAgent.Media.Tests.Store;

public sealed class StreamChunksTests
{
    [Fact]
    public async Task A_stream_is_told_when_another_ones_chunk_takes_its_room()
    {
        using var test = Open(o => (o.MaxBytes, o.MemoryBytes) = ((2 << 20) + 100, 0));
        var old = test.Store.Open(Stream("old"));
        await old.PutAsync(Chunk(0), Bytes(0, 1 << 20), default);
        await old.PutAsync(Chunk(1), Bytes(1, 1 << 20), default);
        var (changes, version) = (0, old.Version);
        old.Changed += () => changes++;

        await test.Store.Open(Stream("new")).PutAsync(Chunk(0), Bytes(2, 1 << 20), default);

        Assert.Equal((1, 1), (changes, old.HeldCount));
        Assert.True(old.Version > version);
        Assert.Equal([1L], old.GetMaps()[0].Segments[0].Held());
    }

    [Fact]
    public async Task A_handler_may_ask_the_store_while_it_is_told()
    {
        using var test = Open();
        var chunks = test.Store.Open(Stream());
        var seen = -1;
        chunks.Changed += () => seen = chunks.HeldCount;

        await chunks.PutAsync(Chunk(0), Bytes(0), default);

        Assert.Equal(1, seen);
    }

    [Fact]
    public async Task A_stream_without_hashes_does_not_serve_what_was_damaged_on_disk()
    {
        using var test = Open();
        await test.Store.Open(Stream()).PutAsync(Chunk(0), Bytes(0), default);
        var file = test.Files()[0];
        var content = File.ReadAllBytes(file);
        content[^1] ^= 0x80;
        File.WriteAllBytes(file, content);
        test.Reopen();
        var chunks = test.Store.Open(Stream());

        Assert.Null(await chunks.OpenAsync(Chunk(0), default));
        Assert.Equal(0, chunks.HeldCount);
        Assert.Empty(test.Files());
        Assert.Equal(0, test.Store.DiskBytes);
    }

    [Fact]
    public async Task A_chunk_cut_short_on_disk_is_not_served()
    {
        using var test = Open();
        await test.Store.Open(Stream()).PutAsync(Chunk(0), Bytes(0), default);
        File.WriteAllBytes(test.Files()[0], Bytes(0)[..400]);
        test.Reopen();

        Assert.Null(await test.Store.Open(Stream()).OpenAsync(Chunk(0), default));
    }

    [Fact]
    public async Task Two_who_find_the_same_damage_do_not_drop_what_was_put_in_its_place()
    {
        using var test = Open(o => o.MemoryBytes = 0);
        await test.Store.Open(Stream()).PutAsync(Chunk(0), Bytes(0), default);
        var damaged = Bytes(0);
        damaged[0] ^= 1;
        File.WriteAllBytes(test.Files()[0], damaged);
        test.Reopen();
        var chunks = test.Store.Open(Stream());

        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            for (var round = 0; round < 50; round++)
            {
                (await chunks.OpenAsync(Chunk(0), default))?.Dispose();
                await chunks.PutAsync(Chunk(0), Bytes(0), default);
            }
        })));

        Assert.Equal(1, chunks.HeldCount);
        Assert.Equal(Bytes(0), File.ReadAllBytes(Assert.Single(test.Files())));
        Assert.Equal(1000, test.Store.DiskBytes);
    }

    [Fact]
    public async Task After_a_restart_only_what_the_manifest_promises_is_held()
    {
        using var test = Open();
        await test.Store.Open(Stream(chunks: 2)).PutAsync(Chunk(0), Bytes(7), default);
        await test.Store.Open(Stream(chunks: 2)).PutAsync(Chunk(1), Bytes(1), default);
        test.Reopen();

        var chunks = test.Store.Open(Stream(chunks: 2, content: [Bytes(0), Bytes(1)]));

        Assert.Equal([1L], chunks.GetMaps()[0].Segments[0].Held());
        Assert.Single(test.Files());
    }

    [Fact]
    public async Task A_new_manifest_drops_what_it_does_not_promise()
    {
        using var test = Open();
        var chunks = test.Store.Open(Stream(chunks: 2));
        await chunks.PutAsync(Chunk(0), Bytes(7), default);
        await chunks.PutAsync(Chunk(1), Bytes(1), default);

        chunks.Update(Stream(chunks: 2, content: [Bytes(0), Bytes(1)]));

        Assert.Equal([1L], chunks.GetMaps()[0].Segments[0].Held());
        Assert.Null(await chunks.OpenAsync(Chunk(0), default));
        Assert.Equal(PutOutcome.Damaged, await chunks.PutAsync(Chunk(0), Bytes(7), default));
    }

    [Fact]
    public async Task When_all_room_is_pinned_nothing_is_evicted_in_vain()
    {
        using var test = Open(o => (o.MaxBytes, o.MemoryBytes) = ((3 << 20) + 100, 0));
        var pinned = test.Store.Open(Stream("pinned"));
        pinned.IsPinned = true;
        await pinned.PutAsync(Chunk(0), Bytes(0, 2 << 20), default);
        var other = test.Store.Open(Stream("other"));
        await other.PutAsync(Chunk(0), Bytes(1, 1 << 20), default);

        Assert.Equal(PutOutcome.MemoryOnly, await other.PutAsync(Chunk(1), Bytes(2, (1 << 20) + 101), default));
        Assert.Equal((1, 1), (pinned.HeldCount, other.HeldCount));

        pinned.IsPinned = false;
        Assert.Equal(PutOutcome.Stored, await other.PutAsync(Chunk(1), Bytes(2, (1 << 20) + 101), default));
        Assert.Equal((0, 1), (pinned.HeldCount, other.HeldCount));
    }

    [Fact]
    public async Task A_chunk_that_only_memory_held_goes_to_disk_once_it_can()
    {
        using var test = Open(o => o.MaxBytes = 1 << 20);
        var seed = test.Store.Open(Stream("seed"));
        seed.IsPinned = true;
        await seed.PutAsync(Chunk(0), Bytes(0, 900_000), default);
        var chunks = test.Store.Open(Stream());
        Assert.Equal(PutOutcome.MemoryOnly, await chunks.PutAsync(Chunk(0), Bytes(1, 200_000), default));
        seed.IsPinned = false;

        Assert.Equal(PutOutcome.Stored, await chunks.PutAsync(Chunk(0), Bytes(1, 200_000), default));

        Assert.True(chunks.Contains(Chunk(0)));
        Assert.Equal((200_000, 200_000), (test.Store.DiskBytes, test.Store.MemoryBytes));
    }

    [Fact]
    public async Task A_closed_stream_holds_nothing_and_finds_its_chunks_again_when_opened()
    {
        using var test = Open();
        var closed = test.Store.Open(Stream());
        closed.IsPinned = true;
        await closed.PutAsync(Chunk(0), Bytes(0), default);

        test.Store.Close(Stream().SwarmId);

        Assert.Equal(0, closed.HeldCount);
        Assert.Null(await closed.OpenAsync(Chunk(0), default));
        Assert.Equal(PutOutcome.Refused, await closed.PutAsync(Chunk(1), Bytes(1), default));
        Assert.Equal((1000, 0), (test.Store.DiskBytes, test.Store.MemoryBytes));
        var again = test.Store.Open(Stream());
        Assert.Equal((1, false), (again.HeldCount, again.IsPinned));
        using var lease = await again.OpenAsync(Chunk(0), default);
        Assert.NotNull(lease);
    }

    [Fact]
    public async Task A_put_that_is_cancelled_leaves_nothing_behind()
    {
        using var test = Open();
        var chunks = test.Store.Open(Stream());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await chunks.PutAsync(Chunk(0), Bytes(0), new CancellationToken(canceled: true)));

        Assert.Equal((0, 0), (chunks.HeldCount, test.Store.DiskBytes));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(test.Root, "chunks"), "*", SearchOption.AllDirectories));
        Assert.Equal(PutOutcome.Stored, await chunks.PutAsync(Chunk(0), Bytes(0), default));
    }

    [Fact]
    public async Task Many_who_put_the_same_chunk_at_once_keep_it_once()
    {
        using var test = Open();
        var chunks = test.Store.Open(Stream());

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(async () => await chunks.PutAsync(Chunk(0), Bytes(0), default))));

        Assert.Equal(1, outcomes.Count(o => o == PutOutcome.Stored));
        Assert.Equal(31, outcomes.Count(o => o == PutOutcome.AlreadyHeld));
        Assert.Single(test.Files());
    }

    [Fact]
    public async Task Initialisation_chunks_have_a_map_of_their_own()
    {
        using var test = Open();
        var info = Stream(chunks: 2);
        var segment = info.Clips[0].Components[0].Segments[0] with { Init = "init.mp4" };
        info = info with { Clips = [info.Clips[0] with { Components = [new Component("video", [segment])] }] };
        var init = new ChunkId(new LevelId("path/film", "video-init", 0), 0);
        await test.Store.Open(info).PutAsync(init, Bytes(3), default);
        test.Reopen();

        var maps = test.Store.Open(info).GetMaps();

        Assert.Equal([0, 1], maps.Select(m => m.Segments[0].Count));
        Assert.Equal(init.Level, maps[1].Level);
    }

    [Theory]
    [InlineData(16, 100)]
    [InlineData(0, 0)]
    [InlineData(0, (64 << 20) + 1)]
    public async Task What_is_no_chunk_of_the_stream_is_refused(int index, int length)
    {
        using var test = Open();
        Assert.Equal(PutOutcome.Refused, await test.Store.Open(Stream()).PutAsync(Chunk(index), new byte[length], default));
        Assert.Equal(0, test.Store.DiskBytes);
    }
}
