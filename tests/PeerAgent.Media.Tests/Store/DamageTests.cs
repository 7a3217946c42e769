using PeerAgent.Media.Store;
using static PeerAgent.Media.Tests.Store.TestStore;

namespace PeerAgent.Media.Tests.Store;

public sealed class DamageTests
{
    [Theory]
    [InlineData("cut short", true)]
    [InlineData("cut short", false)]
    [InlineData("longer", true)]
    [InlineData("longer", false)]
    [InlineData("flipped", true)]
    [InlineData("flipped", false)]
    [InlineData("folder", true)]
    [InlineData("folder", false)]
    [InlineData("unreadable", true)]
    [InlineData("unreadable", false)]
    public async Task Damage_is_found_at_the_first_use_told_and_healed_by_the_next_put(string damage, bool inMemory)
    {
        using var test = Open(o => o.MemoryBytes = inMemory ? 1 << 20 : 0);
        await test.Store.Open(Stream()).PutAsync(Chunk(0), Bytes(0), default);
        await test.Store.Open(Stream()).PutAsync(Chunk(1), Bytes(1), default);
        test.Reopen();
        var chunks = test.Store.Open(Stream());
        Harm(test.Files()[0], damage);
        var changes = 0;
        chunks.Changed += () => changes++;

        Assert.Null(await chunks.OpenAsync(Chunk(0), default));

        Assert.Equal((1, 1, false), (changes, chunks.HeldCount, chunks.Contains(Chunk(0))));
        Assert.Equal((1000, 0), (test.Store.DiskBytes, test.Store.MemoryBytes));
        Assert.Single(test.Files());
        Assert.Equal(PutOutcome.Stored, await chunks.PutAsync(Chunk(0), Bytes(0), default));
        Assert.Equal(Bytes(0), await ReadAsync(chunks, 0));
        Assert.Equal(Bytes(1), await ReadAsync(chunks, 1));
    }

    private static void Harm(string file, string damage)
    {
        var content = File.ReadAllBytes(file);
        File.Delete(file);
        switch (damage)
        {
            case "cut short":
                File.WriteAllBytes(file, content[..400]);
                break;
            case "longer":
                File.WriteAllBytes(file, [.. content, 1]);
                break;
            case "flipped":
                content[500] ^= 1;
                File.WriteAllBytes(file, content);
                break;
            case "folder":
                Directory.CreateDirectory(file);
                break;
            default:
                // A link to itself: there, but not even the superuser can read it.
                File.CreateSymbolicLink(file, file);
                break;
        }
    }
}
