using PeerAgent.Media.Store;
using Ppsp.Protocol.Chunks;
using static PeerAgent.Media.Tests.Store.TestStore;

namespace PeerAgent.Media.Tests.Store;

public sealed class PlayPositionTests
{
    private const int Size = 10_000;

    [Fact]
    public async Task Streams_that_nobody_plays_lose_their_chunks_first()
    {
        using var test = OpenFor(chunks: 4);
        var played = test.Store.Open(Stream("played"));
        await FillAsync(played, 0, 2);
        var idle = test.Store.Open(Stream("idle"));
        await FillAsync(idle, 0, 2);
        played.SetPositions([At(10)]);

        await FillAsync(played, 10, 2);

        Assert.Equal((4, 0), (played.HeldCount, idle.HeldCount));
    }

    [Fact]
    public async Task Then_goes_what_lies_farthest_behind_then_what_lies_farthest_ahead_and_at_last_what_is_near()
    {
        using var test = OpenFor(chunks: 5);
        var chunks = test.Store.Open(Stream(chunks: 500));
        chunks.SetPositions([At(100)]);
        foreach (var i in (int[])[300, 90, 101, 200, 50])
        {
            await FillAsync(chunks, i, 1);
        }

        var gone = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            var before = Held(chunks).ToHashSet();
            await FillAsync(chunks, 102 + i, 1);
            gone.AddRange(before.Except(Held(chunks)));
        }

        Assert.Equal([50, 90, 300, 200, 105], gone);
    }

    [Fact]
    public async Task With_several_players_behind_means_behind_all_and_ahead_is_counted_from_the_next_one()
    {
        using var test = OpenFor(chunks: 4);
        var chunks = test.Store.Open(Stream(chunks: 1000));
        chunks.SetPositions([At(500), At(100), At(500)]);
        foreach (var i in (int[])[99, 150, 450, 540])
        {
            await FillAsync(chunks, i, 1);
        }

        await FillAsync(chunks, 500, 1);
        Assert.Equal([150, 450, 500, 540], Held(chunks));
        await FillAsync(chunks, 101, 1);
        Assert.Equal([101, 150, 500, 540], Held(chunks));
        await FillAsync(chunks, 102, 1);
        Assert.Equal([101, 102, 500, 540], Held(chunks));
        await FillAsync(chunks, 103, 1);
        Assert.Equal([101, 102, 103, 500], Held(chunks));
    }

    [Fact]
    public async Task When_the_players_have_moved_the_order_follows_and_when_they_left_it_is_that_of_use()
    {
        using var test = OpenFor(chunks: 3);
        var chunks = test.Store.Open(Stream(chunks: 500));
        var other = test.Store.Open(Stream("other"));
        chunks.SetPositions([At(0)]);
        await FillAsync(chunks, 0, 1);
        await FillAsync(chunks, 300, 1);
        await FillAsync(chunks, 302, 1);

        chunks.SetPositions([At(300)]);
        await FillAsync(chunks, 301, 1);
        Assert.Equal([300, 301, 302], Held(chunks));

        chunks.SetPositions([]);
        other.SetPositions([At(0)]);
        await FillAsync(other, 0, 3);
        Assert.Equal((0, 3), (chunks.HeldCount, other.HeldCount));
    }

    [Fact]
    public async Task The_initialisation_of_what_is_played_goes_last()
    {
        using var test = OpenFor(chunks: 2);
        var info = Stream(chunks: 500);
        var segment = info.Clips[0].Components[0].Segments[0] with { Init = "init.mp4" };
        info = info with { Clips = [info.Clips[0] with { Components = [new("video", [segment])] }] };
        var init = new ChunkId(new LevelId("path/film", "video-init", 0), 0);
        var chunks = test.Store.Open(info);
        await chunks.PutAsync(init, Bytes(0, Size), default);
        chunks.SetPositions([At(100)]);

        await FillAsync(chunks, 100, 5);

        Assert.True(chunks.Contains(init));
        Assert.Equal([104L], Held(chunks));
    }

    [Fact]
    public async Task Pinned_content_stays_played_or_not_and_can_be_evicted_again_afterwards()
    {
        using var test = OpenFor(chunks: 3);
        var pinned = test.Store.Open(Stream("pinned"));
        await FillAsync(pinned, 0, 2);
        pinned.IsPinned = true;
        pinned.SetPositions([At(10)]);
        var other = test.Store.Open(Stream("other"));
        await FillAsync(other, 0, 3);
        Assert.Equal((2, 1), (pinned.HeldCount, other.HeldCount));

        pinned.IsPinned = false;
        other.SetPositions([At(3)]);
        await FillAsync(other, 3, 2);

        Assert.Equal(0, pinned.HeldCount);
        Assert.Equal([2, 3, 4], Held(other));
    }

    [Fact]
    public async Task Memory_goes_by_the_same_order()
    {
        using var test = Open(o => o.MemoryBytes = 3 * Size);
        var chunks = test.Store.Open(Stream(chunks: 500));
        chunks.SetPositions([At(100)]);
        foreach (var i in (int[])[100, 10, 400])
        {
            await FillAsync(chunks, i, 1);
        }

        Assert.True(test.Store.Memory.TryTake(2 * Size));

        Assert.True(await IsInMemoryAsync(chunks, 100));
        Assert.False(await IsInMemoryAsync(chunks, 400));
        Assert.False(await IsInMemoryAsync(chunks, 10));
        Assert.Equal(3, chunks.HeldCount);
    }

    private static TestStore OpenFor(int chunks) => Open(o => (o.MaxBytes, o.MemoryBytes) = ((chunks * Size) + 100, 0));

    private static PlayPosition At(long index) => new("path/film", "video", index);

    private static long[] Held(StreamChunks chunks) => [.. chunks.GetMaps()[0].Segments[0].Held()];

    private static async Task FillAsync(StreamChunks chunks, int from, int count)
    {
        for (var i = from; i < from + count; i++)
        {
            Assert.Equal(PutOutcome.Stored, await chunks.PutAsync(Chunk(i), Bytes(i, Size), default));
        }
    }

    private static async Task<bool> IsInMemoryAsync(StreamChunks chunks, int index)
    {
        using var lease = await chunks.OpenAsync(Chunk(index), default);
        return lease!.Memory is not null;
    }
}
