using System.Security.Cryptography;
using PeerAgent.Media.Publishing;

namespace PeerAgent.Media.Tests.Publishing;

public sealed class FileDigestsTests
{
    [Fact]
    public async Task A_file_longer_than_the_buffer_is_digested_whole()
    {
        using var folder = Chunks.Folder();
        var bytes = Enumerable.Range(0, 300_001).Select(i => (byte)(i * 31)).ToArray();
        await File.WriteAllBytesAsync(folder["a-0.ts"], bytes);
        var digest = Chunks.Done(await FileDigests.OfAsync(new ChunkFile(folder["a-0.ts"], null, bytes.Length), CancellationToken.None));
        Assert.Equal(SHA256.HashData(bytes), digest);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    public async Task A_file_that_changed_since_its_folder_was_read_is_refused(long length)
    {
        using var folder = Chunks.Folder("a-0.ts");
        Assert.Equal(
            "'a-0.ts' changed while it was read; publish again when nothing writes to it.",
            Chunks.Error(await FileDigests.OfAsync(new ChunkFile(folder["a-0.ts"], null, length), CancellationToken.None)));
    }

    [Fact]
    public async Task A_file_that_is_gone_is_refused()
    {
        using var folder = Chunks.Folder();
        Assert.StartsWith(
            "'a-0.ts' cannot be read (",
            Chunks.Error(await FileDigests.OfAsync(new ChunkFile(folder["a-0.ts"], null, 6), CancellationToken.None)),
            StringComparison.Ordinal);
    }
}
