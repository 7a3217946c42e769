using PeerAgent.Media.Store;
using static PeerAgent.Media.Tests.Store.TestStore;

namespace PeerAgent.Media.Tests.Store;

public sealed class ChunkBytesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(3_000_001)]
    public void Bytes_of_any_size_keep_what_is_put_there(int length)
    {
        var bytes = ChunkBytes.Allocate(length);
        Bytes(1, length).CopyTo(bytes.GetSpan());

        Assert.Equal(Bytes(1, length), bytes.Memory.ToArray());
        Assert.True(ChunkBytes.InUse >= length);
        bytes.Release();
    }

    [Theory]
    [InlineData(100_000, 100_000)]
    [InlineData(100_000, 3_000_001)]
    [InlineData(3_000_001, 100_000)]
    [InlineData(9_000_000, 65_536)]
    public void Bytes_that_lie_where_others_were_are_as_many_as_were_asked_for(int before, int length)
    {
        var neighbours = Enumerable.Range(1, 5).Select(i => (Seed: i, Bytes: ChunkBytes.Allocate(before))).ToList();
        neighbours.ForEach(n => Bytes(n.Seed, before).CopyTo(n.Bytes.GetSpan()));
        neighbours[2].Bytes.Release();
        neighbours.RemoveAt(2);

        var bytes = ChunkBytes.Allocate(length);
        var more = ChunkBytes.Allocate(before);
        Bytes(6, length).CopyTo(bytes.GetSpan());
        more.GetSpan().Fill(7);

        Assert.Equal(Bytes(6, length), bytes.Memory.ToArray());
        Assert.All(neighbours, n => Assert.Equal(Bytes(n.Seed, before), n.Bytes.Memory.ToArray()));
        neighbours.ForEach(n => n.Bytes.Release());
        bytes.Release();
        more.Release();
    }

    [Fact]
    public void The_last_one_who_lets_go_ends_them()
    {
        var bytes = ChunkBytes.Allocate(100_000);
        ReadOnlyMemory<byte> part = bytes.Memory[10..20];
        ChunkBytes.Hold(part);
        using (bytes.Memory.Pin())
        {
            bytes.Release();
            ChunkBytes.Release(part);
            Assert.Equal(10, part.Span.Length);
        }

        Assert.Throws<ObjectDisposedException>(() => part.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => bytes.Memory.Pin());
        Assert.Throws<ObjectDisposedException>(() => ChunkBytes.Hold(part));
        Assert.Throws<InvalidOperationException>(bytes.Release);
    }

    [Fact]
    public void What_lies_elsewhere_is_copied_and_what_lies_there_is_not()
    {
        ReadOnlyMemory<byte> array = Bytes(1);

        var kept = ChunkBytes.Keep(array);
        var keptAgain = ChunkBytes.Keep(kept);

        Assert.Equal(array.ToArray(), kept.ToArray());
        Assert.False(array.Span == kept.Span);
        Assert.True(kept.Span == keptAgain.Span);
        ChunkBytes.Release(array);
        ChunkBytes.Release(kept);
        Assert.Equal(array.ToArray(), keptAgain.ToArray());
        ChunkBytes.Release(keptAgain);
        Assert.Throws<ObjectDisposedException>(() => kept.Span.Length);
    }

    [Fact]
    public async Task A_leased_chunk_is_there_until_the_last_lease_ends_whatever_takes_its_place()
    {
        using var test = Open(o => o.MemoryBytes = 2000);
        var chunks = test.Store.Open(Stream());
        await chunks.PutAsync(Chunk(0), Bytes(0), default);
        var first = (await chunks.OpenAsync(Chunk(0), default))!;
        var second = (await chunks.OpenAsync(Chunk(0), default))!;
        var content = first.Memory!.Value;

        test.Store.Close(Stream().SwarmId);
        first.Dispose();
        for (var i = 1; i < 5; i++)
        {
            await test.Store.Open(Stream("other")).PutAsync(Chunk(i), Bytes(i), default);
        }

        Assert.Equal(Bytes(0), content.ToArray());
        second.Dispose();
        Assert.Throws<ObjectDisposedException>(() => content.Span.Length);
    }

    [Fact]
    public async Task An_evicted_chunk_has_no_memory_any_more()
    {
        using var test = Open(o => o.MemoryBytes = 2000);
        var chunks = test.Store.Open(Stream());
        await chunks.PutAsync(Chunk(0), Bytes(0), default);
        var lease = (await chunks.OpenAsync(Chunk(0), default))!;
        var content = lease.Memory!.Value;
        lease.Dispose();
        Assert.Equal(1000, content.Span.Length);

        Assert.True(test.Store.Memory.TryTake(2000));

        Assert.Throws<ObjectDisposedException>(() => content.Span.Length);
    }

    [Fact]
    public async Task A_store_that_is_closed_keeps_no_memory_but_what_is_leased()
    {
        using var test = Open();
        var chunks = test.Store.Open(Stream());
        await chunks.PutAsync(Chunk(0), Bytes(0), default);
        await chunks.PutAsync(Chunk(1), Bytes(1), default);
        var lease = (await chunks.OpenAsync(Chunk(1), default))!;

        await test.Store.DisposeAsync();

        Assert.Equal(1000, test.Store.MemoryBytes);
        Assert.Equal(Bytes(1), Read(lease));
        lease.Dispose();
        Assert.Equal(0, test.Store.MemoryBytes);
    }

    [Fact]
    public async Task A_chunk_that_finds_no_room_is_held_until_it_is_written()
    {
        using var test = Open(o => o.MemoryBytes = 500);
        var disk = new HeldUpDisk(test.Store);
        var chunks = test.Store.Open(Stream());
        var bytes = ChunkBytes.Allocate(1000);
        Bytes(0).CopyTo(bytes.GetSpan());

        var admission = chunks.Admit(Chunk(0), bytes.Memory);
        bytes.Release();
        await disk.ReleaseAsync();

        Assert.Equal(PutOutcome.Stored, await admission.Kept);
        Assert.Equal(Bytes(0), await ReadAsync(chunks, 0));
        Assert.Throws<ObjectDisposedException>(() => bytes.GetSpan().Length);
    }

    [Fact]
    public async Task What_is_not_admitted_is_held_by_nobody_but_its_owner()
    {
        using var test = Open();
        var chunks = test.Store.Open(Stream(chunks: 2, content: [Bytes(0), Bytes(1)]));
        await chunks.PutAsync(Chunk(0), Bytes(0), default);
        foreach (var (chunk, outcome) in new[] { (0, PutOutcome.AlreadyHeld), (1, PutOutcome.Damaged), (2, PutOutcome.Refused) })
        {
            var bytes = ChunkBytes.Allocate(1000);
            Bytes(0).CopyTo(bytes.GetSpan());

            Assert.Equal(outcome, chunks.Admit(Chunk(chunk), bytes.Memory).Outcome);

            bytes.Release();
            Assert.Throws<ObjectDisposedException>(() => bytes.GetSpan().Length);
        }
    }
}
