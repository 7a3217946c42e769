using PeerAgent.Media.Store;
using static PeerAgent.Media.Tests.Store.TestStore;

namespace PeerAgent.Media.Tests.Store;

public sealed class MemoryBudgetTests
{
    [Fact]
    public async Task A_transfer_takes_what_cached_chunks_had()
    {
        using var test = Open(o => o.MemoryBytes = 4000);
        var chunks = test.Store.Open(Stream());
        for (var i = 0; i < 4; i++)
        {
            await chunks.PutAsync(Chunk(i), Bytes(i), default);
        }

        Assert.True(test.Store.Memory.TryTake(2500));
        Assert.Equal(3500, test.Store.MemoryBytes);
        Assert.True(test.Store.Memory.TryTake(1500));
        Assert.False(test.Store.Memory.TryTake(1));
        Assert.Equal(4000, test.Store.MemoryBytes);
        Assert.Equal(Bytes(3), await ReadAsync(chunks, 3));

        test.Store.Memory.Give(4000);
        Assert.Equal(0, test.Store.MemoryBytes);
    }

    [Fact]
    public async Task Bytes_taken_for_a_chunk_pass_over_to_it()
    {
        using var test = Open(o => o.MemoryBytes = 2000);
        var disk = new HeldUpDisk(test.Store);
        var chunks = test.Store.Open(Stream());
        Assert.True(test.Store.Memory.TryTake(1500));

        var admission = chunks.Admit(Chunk(0), Bytes(0), taken: 1500);

        Assert.Equal((PutOutcome.Admitted, 1000), (admission.Outcome, test.Store.MemoryBytes));
        Assert.False(test.Store.Memory.TryTake(1001));
        Assert.Equal(Bytes(0), await ReadAsync(chunks, 0));
        await disk.ReleaseAsync();
        await admission.Kept;
        Assert.True(test.Store.Memory.TryTake(2000));
    }

    [Fact]
    public void Bytes_taken_for_what_is_not_admitted_are_still_the_callers()
    {
        using var test = Open(o => o.MemoryBytes = 2000);
        var chunks = test.Store.Open(Stream(chunks: 2, content: [Bytes(0), Bytes(1)]));
        Assert.True(test.Store.Memory.TryTake(1000));

        Assert.Equal(PutOutcome.Damaged, chunks.Admit(Chunk(0), Bytes(1), taken: 1000).Outcome);

        Assert.Equal(1000, test.Store.MemoryBytes);
        test.Store.Memory.Give(1000);
        Assert.Throws<ArgumentOutOfRangeException>(() => test.Store.Memory.Give(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => test.Store.Memory.TryTake(-1));
    }

    [Fact]
    public async Task A_lease_counts_until_it_is_disposed_even_when_its_chunk_is_gone()
    {
        using var test = Open(o => o.MemoryBytes = 2000);
        var chunks = test.Store.Open(Stream());
        await chunks.PutAsync(Chunk(0), Bytes(0), default);
        var lease = await chunks.OpenAsync(Chunk(0), default);
        Assert.False(test.Store.Memory.TryTake(1001));

        test.Store.Close(Stream().SwarmId);

        Assert.Equal(1000, test.Store.MemoryBytes);
        Assert.False(test.Store.Memory.TryTake(1001));
        Assert.Equal(Bytes(0), Read(lease!));
        lease!.Dispose();
        lease.Dispose();
        Assert.Equal(0, test.Store.MemoryBytes);
    }

    [Fact]
    public async Task One_who_waits_for_room_is_woken_by_the_end_of_a_lease_of_a_write_and_by_bytes_given_back()
    {
        using var test = Open(o => o.MemoryBytes = 1000);
        var memory = test.Store.Memory;
        var chunks = test.Store.Open(Stream());
        var disk = new HeldUpDisk(test.Store);
        var admission = chunks.Admit(Chunk(0), Bytes(0));
        var room = memory.Room;
        Assert.False(memory.TryTake(1000));
        Assert.False(room.IsCompleted);

        var lease = await chunks.OpenAsync(Chunk(0), default);
        await disk.ReleaseAsync();
        await admission.Kept;
        Assert.False(memory.TryTake(1000));
        room = memory.Room;
        lease!.Dispose();
        await room.WaitAsync(Eventually.Deadline);
        Assert.True(memory.TryTake(1000));

        room = memory.Room;
        memory.Give(1000);
        await room.WaitAsync(Eventually.Deadline);
    }

    [Fact]
    public async Task What_only_memory_holds_goes_last_and_is_then_not_there()
    {
        using var test = Open(o => o.MemoryBytes = 3000);
        var chunks = test.Store.Open(Stream());
        test.Store.Writer.Write = (path, content) => Path.GetFileName(path)[0] == '0'
            ? Task.FromResult<WriteFailure?>(new("Input/output error", IsFull: false))
            : WholeFile.WriteAsync(path, content, CancellationToken.None);
        Assert.Equal(PutOutcome.MemoryOnly, await chunks.PutAsync(Chunk(0), Bytes(0), default));
        await chunks.PutAsync(Chunk(1), Bytes(1), default);
        await chunks.PutAsync(Chunk(2), Bytes(2), default);
        await Eventually.HoldsAsync(() => test.Store.Writes.Count == 0, "the end of all writes");

        Assert.True(test.Store.Memory.TryTake(2000));
        Assert.Equal(Bytes(0), await ReadAsync(chunks, 0));
        Assert.True(test.Store.Memory.TryTake(1000));

        Assert.Null(await chunks.OpenAsync(Chunk(0), default));
        Assert.Equal(Bytes(1), await ReadAsync(chunks, 1));
    }

    [Fact]
    public async Task Without_room_a_chunk_is_read_from_its_file_and_checked_first()
    {
        using var test = Open(o => o.MemoryBytes = 10_000);
        await test.Store.Open(Stream()).PutAsync(Chunk(0), Bytes(0), default);
        await test.Store.Open(Stream()).PutAsync(Chunk(1), Bytes(1), default);
        var damaged = Bytes(1);
        damaged[^1] ^= 1;
        File.WriteAllBytes(test.Files()[1], damaged);
        test.Reopen();
        var chunks = test.Store.Open(Stream());
        Assert.True(test.Store.Memory.TryTake(10_000));

        using var lease = await chunks.OpenAsync(Chunk(0), default);

        Assert.Null(lease!.Memory);
        Assert.Equal(Bytes(0), Read(lease));
        Assert.Null(await chunks.OpenAsync(Chunk(1), default));
        Assert.Equal((1, 10_000), (chunks.HeldCount, test.Store.MemoryBytes));
    }
}
