using PeerAgent.Media.Store;
using static PeerAgent.Media.Tests.Store.TestStore;

namespace PeerAgent.Media.Tests.Store;

public sealed class AdmitTests
{
    [Fact]
    public async Task An_admitted_chunk_is_readable_before_it_is_on_disk_and_promised_only_after()
    {
        using var test = Open();
        var disk = new HeldUpDisk(test.Store);
        var chunks = test.Store.Open(Stream());
        var changes = 0;
        chunks.Changed += () => changes++;

        var admission = chunks.Admit(Chunk(3), Bytes(3));

        Assert.Equal((PutOutcome.Admitted, false), (admission.Outcome, admission.Kept.IsCompleted));
        Assert.Equal(Bytes(3), await ReadAsync(chunks, 3));
        Assert.Equal((false, 0, 0), (chunks.Contains(Chunk(3)), chunks.HeldCount, changes));
        Assert.Equal(PutOutcome.AlreadyHeld, chunks.Admit(Chunk(3), Bytes(3)).Outcome);
        Assert.Empty(test.Files());

        await disk.ReleaseAsync();

        Assert.Equal(PutOutcome.Stored, await admission.Kept);
        Assert.Equal((true, 1, 1), (chunks.Contains(Chunk(3)), chunks.HeldCount, changes));
        Assert.Single(test.Files());
    }

    [Fact]
    public async Task What_is_no_good_is_known_at_once()
    {
        using var test = Open();
        var chunks = test.Store.Open(Stream(chunks: 2, content: [Bytes(0), Bytes(1)]));

        var damaged = chunks.Admit(Chunk(0), Bytes(1));
        var refused = chunks.Admit(Chunk(2), Bytes(2));

        Assert.Equal((PutOutcome.Damaged, PutOutcome.Refused), (damaged.Outcome, refused.Outcome));
        Assert.Equal((PutOutcome.Damaged, PutOutcome.Refused), (await damaged.Kept, await refused.Kept));
        Assert.Null(await chunks.OpenAsync(Chunk(0), default));
    }

    [Fact]
    public async Task Memory_of_a_chunk_on_its_way_to_disk_is_not_given_to_another()
    {
        using var test = Open(o => o.MemoryBytes = 2500);
        var disk = new HeldUpDisk(test.Store);
        var chunks = test.Store.Open(Stream());
        var admissions = Enumerable.Range(0, 3).Select(i => chunks.Admit(Chunk(i), Bytes(i))).ToList();

        Assert.Equal(Bytes(0), await ReadAsync(chunks, 0));
        Assert.Equal(Bytes(1), await ReadAsync(chunks, 1));
        Assert.Null(await chunks.OpenAsync(Chunk(2), default));
        Assert.True(test.Store.MemoryBytes <= 2500);

        await disk.ReleaseAsync();
        Assert.All(await Task.WhenAll(admissions.Select(a => a.Kept)), o => Assert.Equal(PutOutcome.Stored, o));
        Assert.Equal(Bytes(2), await ReadAsync(chunks, 2));
        Assert.True(test.Store.MemoryBytes <= 2500);
    }

    [Fact]
    public async Task Closing_the_store_waits_for_the_writes_that_were_begun()
    {
        using var test = Open();
        var disk = new HeldUpDisk(test.Store);
        var chunks = test.Store.Open(Stream());
        var admission = chunks.Admit(Chunk(0), Bytes(0));

        var closing = test.Store.DisposeAsync().AsTask();
        Assert.False(closing.IsCompleted);
        await disk.ReleaseAsync();
        await closing;

        Assert.Single(test.Files());
        Assert.Equal(PutOutcome.Stored, await admission.Kept);
        Assert.Equal(PutOutcome.MemoryOnly, await chunks.Admit(Chunk(1), Bytes(1)).Kept);
    }

    [Fact]
    public async Task A_chunk_whose_write_fails_stays_in_memory_and_can_be_admitted_again()
    {
        using var test = Open();
        var root = Path.Combine(test.Root, "chunks");
        Directory.Delete(root, recursive: true);
        File.WriteAllText(root, "in the way");
        var chunks = test.Store.Open(Stream());

        Assert.Equal(PutOutcome.MemoryOnly, await chunks.Admit(Chunk(0), Bytes(0)).Kept);

        Assert.Equal(Bytes(0), await ReadAsync(chunks, 0));
        Assert.False(chunks.Contains(Chunk(0)));
        File.Delete(root);
        Assert.Equal(PutOutcome.Stored, await chunks.Admit(Chunk(0), Bytes(0)).Kept);
        Assert.True(chunks.Contains(Chunk(0)));
    }

    [Fact]
    public async Task A_new_manifest_drops_a_chunk_that_is_still_being_written()
    {
        using var test = Open();
        var disk = new HeldUpDisk(test.Store);
        var chunks = test.Store.Open(Stream(chunks: 2));
        var admission = chunks.Admit(Chunk(0), Bytes(7));

        chunks.Update(Stream(chunks: 2, content: [Bytes(0), Bytes(1)]));
        await disk.ReleaseAsync();

        Assert.Equal(PutOutcome.Refused, await admission.Kept);
        Assert.Null(await chunks.OpenAsync(Chunk(0), default));
        Assert.Empty(test.Files());
        Assert.Equal((0, 0), (test.Store.DiskBytes, test.Store.MemoryBytes));
    }
}
