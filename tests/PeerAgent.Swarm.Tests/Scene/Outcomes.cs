using PeerAgent.Swarm.Fetching;

namespace PeerAgent.Swarm.Tests.Scene;

/// <summary>Reads what came of asking for a chunk.</summary>
internal static class Outcomes
{
    /// <summary>The bytes of a chunk that is held or arrives.</summary>
    public static async Task<byte[]> BytesAsync(this ChunkOutcome outcome)
    {
        var bytes = new MemoryStream();
        switch (outcome)
        {
            case ChunkOutcome.Held held:
                using (held.Chunk)
                {
                    if (held.Chunk.Memory is { } memory)
                    {
                        return memory.ToArray();
                    }

                    await using var stored = held.Chunk.OpenRead();
                    await stored.CopyToAsync(bytes);
                    return bytes.ToArray();
                }

            case ChunkOutcome.Arriving arriving:
                using (arriving.Chunk)
                {
                    await using var arrived = arriving.Chunk.OpenRead();
                    await arrived.CopyToAsync(bytes);
                    return bytes.ToArray();
                }

            default:
                Assert.Fail($"No chunk came: {outcome}");
                return [];
        }
    }
}
