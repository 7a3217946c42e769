using System.Net;
using System.Security.Cryptography;
using PeerAgent.Media.Manifest;
using PeerAgent.Media.Publishing;
using PeerAgent.Media.Store;
using PeerAgent.Media.Streams;
using PeerAgent.Streams;
using PeerAgent.Tests.Running;

namespace PeerAgent.Tests.Proxy;

public sealed class HashListTests
{
    private const int Chunks = 6;
    private const string ListName = "film-video-hashes-L0-00000.sha256";

    [Fact]
    public async Task A_film_with_a_hash_list_is_published_seeded_and_played()
    {
        await using var system = await TestSystem.StartAsync();
        var publication = await PublishAsync(system);
        var manifest = StreamInfoWriter.Write(publication.Info);
        await SeedAsync(system, publication, manifest);
        var player = await system.AgentAsync("player");
        await player.PostManifestAsync(manifest);

        foreach (var chunk in publication.Chunks.Where(c => ChunkLayout.IsMedia(c.Chunk.Level)))
        {
            var got = await player.Player.GetByteArrayAsync($"/streams/films/film-{chunk.Chunk.Index:D5}.ts");
            Assert.Equal(await File.ReadAllBytesAsync(chunk.File), got);
        }

        var list = await player.Player.GetByteArrayAsync($"/streams/films/{ListName}");
        Assert.Equal(Chunks * 32, list.Length);
        Assert.Equal(publication.Info.Clips[0].Components[0].Segments[0].HashLists[0].Root.ToArray(), SHA256.HashData(list));

        // Whoever has the list passes it on: the seeder is not needed for it any more.
        var again = await system.RestartAsync(player, "player");
        Assert.Equal(list, await again.Player.GetByteArrayAsync($"/streams/films/{ListName}"));
        Assert.Equal(HttpStatusCode.OK, (await again.Player.GetAsync("/streams/films/film-00003.ts")).StatusCode);
    }

    [Fact]
    public async Task Without_its_list_a_chunk_is_504_and_the_reason_names_the_list()
    {
        await using var system = await TestSystem.StartAsync();
        var publication = await PublishAsync(system);
        var manifest = StreamInfoWriter.Write(publication.Info);
        var seeder = await SeedAsync(system, publication, manifest);
        var player = await system.AgentAsync("player", "--PeerAgent:Fetch:Deadline=00:00:01.5");
        await player.PostManifestAsync(manifest);
        await seeder.StopAsync();

        var answer = await player.Player.GetAsync("/streams/films/film-00000.ts");
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Contains(ListName, await ProblemAssert.HasSentenceAsync(answer), StringComparison.Ordinal);
    }

    private static async Task<Publication> PublishAsync(TestSystem system)
    {
        var folder = Directory.CreateDirectory(system.Folder["chunks"]).FullName;
        var random = new Random(42);
        for (var i = 0; i < Chunks; i++)
        {
            var bytes = new byte[40_000];
            random.NextBytes(bytes);
            await File.WriteAllBytesAsync(Path.Combine(folder, $"film-{i:D5}.ts"), bytes);
        }

        Assert.True(Ppsp.Protocol.Ids.SwarmId.TryParse("films", out var swarm));
        var request = new PublishRequest
        {
            Name = "film",
            SwarmId = swarm,
            Trackers = [new TrackerReference(system.Tracker, 1)],
            UseHashLists = true,
        };
        var outcome = await new Publisher().PublishAsync(request, folder, system.Folder["work"], CancellationToken.None);
        return Assert.IsType<PublishOutcome<Publication>.Done>(outcome).Value;
    }

    private static async Task<RunningAgent> SeedAsync(TestSystem system, Publication publication, byte[] manifest)
    {
        var seeder = await system.AgentAsync("seeder");
        var held = seeder.Service<ChunkStore>().Open(publication.Info);
        foreach (var chunk in publication.Chunks)
        {
            var content = await File.ReadAllBytesAsync(chunk.File);
            Assert.Equal(PutOutcome.Stored, await held.PutAsync(chunk.Chunk, content, CancellationToken.None));
            held.Learn(chunk.Chunk, content);
        }

        var stream = await seeder.Service<Catalogue>().SeedAsync(publication.Info, manifest, CancellationToken.None);
        await stream!.Active!.Membership.FirstAttempt;
        return seeder;
    }
}
