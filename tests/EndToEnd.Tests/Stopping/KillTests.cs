using System.Security.Cryptography;
using EndToEnd.Tests.Programs;

namespace EndToEnd.Tests.Stopping;

public sealed class KillTests
{
    private const int Chunks = 40;
    private const int ChunkBytes = 300_000;

    [Fact]
    public async Task An_agent_killed_in_the_middle_of_transfers_serves_only_whole_chunks_afterwards()
    {
        using var folder = new TempFolder();
        await using var tracker = await Tracker.StartAsync();
        var expected = MakeChunks(folder["chunks"]);
        await using var seeder = await Agent.PublishAsync(
            folder["seeder"], folder["chunks"], "--name", "film", "--tracker", tracker.Url.ToString(), "--out", folder["film.xml"]);
        await Eventually.HoldsAsync(() => File.Exists(folder["film.xml"]), "the swarm is joined");
        Assert.False(Directory.Exists(Path.Combine(folder["seeder"], "publish")), "what was needed to publish is gone");

        var random = new Random(20261121);
        var stream = "";
        for (var round = 0; round < 10; round++)
        {
            await using var victim = await Agent.RunAsync(folder["victim"]);
            stream = round == 0 ? await victim.PostManifestAsync(folder["film.xml"]) : stream;
            await EveryChunkHeldIsRightAsync(victim, stream, expected);
            await KillWhileItPlaysAsync(victim, stream, expected, random.Next(0, Chunks));
        }

        await using var survivor = await Agent.RunAsync(folder["victim"]);
        for (var i = 0; i < Chunks; i++)
        {
            Assert.Equal(expected[i], SHA256.HashData(await GetAsync(survivor, stream, i)));
        }
    }

    private static async Task EveryChunkHeldIsRightAsync(Agent agent, string stream, List<byte[]> expected)
    {
        var map = await agent.GetJsonAsync(stream + "/chunkmap");
        foreach (var segment in map.GetProperty("levels").EnumerateArray().SelectMany(l => l.GetProperty("segments").EnumerateArray()))
        {
            var bits = segment.GetProperty("bitmap").GetBytesFromBase64();
            for (var i = 0; i < Chunks; i++)
            {
                if ((bits[i >> 3] & (0x80 >> (i & 7))) != 0)
                {
                    Assert.Equal(expected[i], SHA256.HashData(await GetAsync(agent, stream, i)));
                }
            }
        }
    }

    /// <summary>Several requests at a time; the kill comes when a given number of chunks has arrived.</summary>
    private static async Task KillWhileItPlaysAsync(Agent agent, string stream, List<byte[]> expected, int killAfter)
    {
        var arrived = 0;
        var killed = new TaskCompletionSource();
        var playing = Parallel.ForEachAsync(
            Enumerable.Range(0, Chunks),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (i, _) =>
            {
                try
                {
                    Assert.Equal(expected[i], SHA256.HashData(await GetAsync(agent, stream, i)));
                    if (Interlocked.Increment(ref arrived) >= killAfter)
                    {
                        killed.TrySetResult();
                    }
                }
                catch (Exception e) when (e is HttpRequestException or IOException)
                {
                    killed.TrySetResult();
                }
            });
        await Task.WhenAny(killed.Task, playing);
        await agent.Program.KillAsync();
        await playing;
    }

    private static async Task<byte[]> GetAsync(Agent agent, string stream, int index)
    {
        using var answer = await Agent.Client.GetAsync(new Uri(agent.Proxy, $"{stream}/film-{index:D5}.ts"));
        var content = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.IsSuccessStatusCode, System.Text.Encoding.UTF8.GetString(content));
        return content;
    }

    private static List<byte[]> MakeChunks(string folder)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(7);
        var hashes = new List<byte[]>();
        for (var i = 0; i < Chunks; i++)
        {
            var content = new byte[ChunkBytes];
            random.NextBytes(content);
            File.WriteAllBytes(Path.Combine(folder, $"film-{i:D5}.ts"), content);
            hashes.Add(SHA256.HashData(content));
        }

        return hashes;
    }
}
