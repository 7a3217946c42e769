using PeerAgent.Media.Manifest;
using PeerAgent.Media.Publishing;
using PeerAgent.Media.Streams;

namespace PeerAgent.Media.Tests.Publishing;

public sealed class HashListPlanTests
{
    [Fact]
    public async Task When_asked_for_the_digests_go_beside_the_chunks()
    {
        using var folder = Chunks.Folder("film-L0-5.m4s", "film-L0-6.m4s", "film-L1-5.m4s", "film-L1-6.m4s", "film-init-L0-00000.mp4", "film-init-L1-00000.mp4");
        var plain = Chunks.Done(await PublishAsync(Chunks.Request("a/film"), folder));
        var listed = Chunks.Done(await PublishAsync(Chunks.Request("a/film") with { UseHashLists = true }, folder));

        Assert.Equal(plain.Info.SwarmId, listed.Info.SwarmId);
        Assert.Empty(listed.Info.Clips[0].Components[0].Segments[0].Hashes);
        Assert.Equal(["film-video-hashes-L0-00005.sha256", "film-video-hashes-L1-00005.sha256"], listed.Chunks.Take(2).Select(c => Path.GetFileName(c.File)));
        Assert.All(listed.Chunks, c => Assert.Equal(folder.Path, Path.GetDirectoryName(c.File)));
        Assert.Empty(listed.Warnings);
        await AssertVerifiedAsync(listed, plain);
    }

    [Fact]
    public async Task Published_again_the_lists_are_no_chunks()
    {
        using var folder = Chunks.Folder("film-0.ts", "film-1.ts");
        var request = Chunks.Request("film") with { UseHashLists = true };
        var first = Chunks.Done(await PublishAsync(request, folder));
        var second = Chunks.Done(await PublishAsync(request, folder));

        Assert.Equal(first.Chunks, second.Chunks);
        Assert.Empty(second.Warnings);
    }

    [Fact]
    public async Task Many_chunks_get_lists_by_themselves()
    {
        using var folder = Chunks.Folder([.. Enumerable.Range(0, HashListPlan.MostInLevel + 1).Select(i => $"film-{i}.ts")]);
        var publication = Chunks.Done(await PublishAsync(Chunks.Request("film"), folder));

        Assert.Single(publication.Info.Clips[0].Components[0].Segments[0].HashLists);
        Assert.True(StreamInfoWriter.Write(publication.Info).Length < 2000);
        Assert.Equal((HashListPlan.MostInLevel + 1) * 32, publication.Chunks[0].Length);
    }

    [Fact]
    public async Task Sound_and_picture_have_lists_of_their_own()
    {
        using var folder = Chunks.Folder("a-00000.mp4", "a-00000.m4a", "a-00001.m4a");
        var publication = Chunks.Done(await PublishAsync(Chunks.Request("a") with { UseHashLists = true }, folder));

        await AssertVerifiedAsync(publication, Chunks.Done(await PublishAsync(Chunks.Request("a"), folder)));
    }

    /// <summary>Reads the manifest again, learns the lists, and compares the digests of all chunks with those of the plain manifest.</summary>
    private static async Task AssertVerifiedAsync(Publication listed, Publication plain)
    {
        Assert.True(StreamInfoReader.Read(StreamInfoWriter.Write(listed.Info)).TryGet(out var read, out var error), error?.ToString());
        var layout = new ChunkLayout(read);
        Assert.Equal(listed.Chunks.Count, layout.ChunkCount);
        foreach (var list in listed.Chunks.Where(c => layout.ListLengthOf(c.Chunk) is not null))
        {
            Assert.True(layout.TryResolve(Path.GetFileName(list.File), out var found));
            Assert.Equal(list.Chunk, found);
            layout = layout.WithDigests(list.Chunk, await File.ReadAllBytesAsync(list.File))!;
            Assert.NotNull(layout);
        }

        var promised = new ChunkLayout(plain.Info);
        Assert.All(plain.Chunks, c => Assert.Equal(promised.HashOf(c.Chunk)?.ToArray(), layout.HashOf(c.Chunk)?.ToArray()));
    }

    private static Task<PublishOutcome<Publication>> PublishAsync(PublishRequest request, TempFolder folder) =>
        new Publisher().PublishAsync(request, folder.Path, folder["work"], CancellationToken.None);
}
