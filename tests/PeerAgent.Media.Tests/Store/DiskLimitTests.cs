using PeerAgent.Media.Store;
using static PeerAgent.Media.Tests.Store.TestStore;

namespace PeerAgent.Media.Tests.Store;

public sealed class DiskLimitTests
{
    [Fact]
    public async Task A_disk_that_is_full_before_the_limit_is_reached_loses_what_is_missed_least()
    {
        using var test = Open();
        _ = new FakeDisk(test, size: 3100);
        var chunks = test.Store.Open(Stream());
        chunks.SetPositions([new("path/film", "video", 0)]);
        for (var i = 0; i < 6; i++)
        {
            chunks.SetPositions([new("path/film", "video", i)]);
            Assert.Equal(PutOutcome.Stored, await chunks.PutAsync(Chunk(i), Bytes(i), default));
        }

        Assert.Equal([3L, 4L, 5L], chunks.GetMaps()[0].Segments[0].Held());
        Assert.Empty(test.Log.Said);
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_is_told_of_once_and_what_memory_took_goes_there_when_it_works_again()
    {
        using var test = Open();
        var disk = new FakeDisk(test, size: 1 << 20) { IsReadOnly = true };
        var chunks = test.Store.Open(Stream());
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(PutOutcome.MemoryOnly, await chunks.PutAsync(Chunk(i), Bytes(i), default));
            Assert.Equal(Bytes(i), await ReadAsync(chunks, i));
        }

        Assert.Equal((0, 2000), (chunks.HeldCount, Assert.Single(test.Log.Said).Id));

        disk.IsReadOnly = false;
        Assert.Equal(PutOutcome.Stored, await chunks.PutAsync(Chunk(6), Bytes(6), default));
        await Eventually.HoldsAsync(() => chunks.HeldCount == 7, "all chunks on disk");

        Assert.Equal(7, test.Files().Count);
        Assert.Equal([2000, 2001], test.Log.Said.Select(s => s.Id));
        Assert.Equal((7000, 7000), (test.Store.DiskBytes, test.Store.MemoryBytes));
    }

    [Fact]
    public async Task The_limit_holds_for_every_byte_in_the_folder_while_many_write()
    {
        const long Limit = 1 << 20;
        using var test = Open(o => o.MaxBytes = Limit);
        var most = 0L;
        using var oneAtATime = new SemaphoreSlim(1);
        test.Store.Writer.Write = async (path, content) =>
        {
            await oneAtATime.WaitAsync();
            try
            {
                var failure = await WholeFile.WriteAsync(path, content, CancellationToken.None);
                lock (test.Store.Gate)
                {
                    most = Math.Max(most, test.ApparentSize());
                }

                return failure;
            }
            finally
            {
                oneAtATime.Release();
            }
        };
        await Parallel.ForAsync(0, 200, async (i, ct) =>
            await test.Store.Open(Stream($"swarm {i % 5}", chunks: 64)).PutAsync(Chunk(i % 64), Bytes(i, 50_000), ct));

        Assert.InRange(most, Limit / 2, Limit);
    }

    [Fact]
    public async Task A_file_that_cannot_be_deleted_goes_on_counting_until_it_can()
    {
        using var test = Open(o => (o.MaxBytes, o.MemoryBytes) = (2100, 0));
        var chunks = test.Store.Open(Stream());
        await chunks.PutAsync(Chunk(0), Bytes(0), default);
        await chunks.PutAsync(Chunk(1), Bytes(1), default);
        var stubborn = test.Files()[0];
        File.Delete(stubborn);
        Directory.CreateDirectory(stubborn);
        File.WriteAllText(Path.Combine(stubborn, "in the way"), "");

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(PutOutcome.MemoryOnly, await chunks.PutAsync(Chunk(2), Bytes(2), default));
        }

        Assert.Equal((true, true), (chunks.Contains(Chunk(0)), chunks.Contains(Chunk(1))));
        Assert.Single(test.Log.Said, s => s.Id == 2003);
        Directory.Delete(stubborn, recursive: true);
        Assert.Equal(PutOutcome.Stored, await chunks.PutAsync(Chunk(2), Bytes(2), default));
        Assert.Equal([1L, 2L], chunks.GetMaps()[0].Segments[0].Held());
    }

    [Fact]
    public async Task Notes_and_folders_without_chunks_go_at_the_next_start()
    {
        using var test = Open();
        await test.Store.Open(Stream("one")).PutAsync(Chunk(0), Bytes(0), default);
        await test.Store.Open(Stream("two")).PutAsync(Chunk(0), Bytes(1), default);
        File.Delete(test.Files()[0]);

        test.Reopen();

        Assert.Single(Directory.GetDirectories(Path.Combine(test.Root, "chunks")));
        Assert.Equal(1004, test.ApparentSize());
    }

    [Fact]
    public async Task A_stream_closed_and_opened_again_while_a_chunk_is_written_has_the_chunk_in_the_end()
    {
        using var test = Open();
        var disk = new HeldUpDisk(test.Store);
        var first = test.Store.Open(Stream());
        var admission = first.Admit(Chunk(0), Bytes(0));
        var other = first.Admit(Chunk(1), Bytes(1));
        test.Store.Close(Stream().SwarmId);
        var second = test.Store.Open(Stream());
        var again = second.Admit(Chunk(0), Bytes(0));

        await disk.ReleaseAsync();
        await Task.WhenAll(admission.Kept, other.Kept, again.Kept);

        Assert.Equal(2, second.HeldCount);
        Assert.Equal(2, test.Files().Count);
        Assert.Equal(2000, test.Store.DiskBytes);
        Assert.Equal(Bytes(1), await ReadAsync(second, 1));
    }
}
