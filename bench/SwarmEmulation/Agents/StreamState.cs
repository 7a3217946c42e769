using System.Text.Json;

namespace SwarmEmulation.Agents;

/// <summary>What an agent tells of a stream.</summary>
/// <param name="Held">Chunks held.</param>
/// <param name="FromPeers">Bytes from peers.</param>
/// <param name="FromOrigin">Bytes from origins.</param>
/// <param name="Wasted">Bytes received and thrown away.</param>
/// <param name="MostAtPeer">Chunks that the best peer has.</param>
/// <param name="Json">All of it.</param>
internal sealed record StreamState(long Held, long FromPeers, long FromOrigin, long Wasted, int MostAtPeer, string Json)
{
    /// <summary>Reads the agent's JSON.</summary>
    public static StreamState Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var traffic = root.GetProperty("traffic");
        return new StreamState(
            root.GetProperty("chunksHeld").GetInt64(),
            traffic.GetProperty("fromPeers").GetInt64(),
            traffic.GetProperty("fromOrigin").GetInt64(),
            traffic.GetProperty("wasted").GetInt64(),
            root.GetProperty("peers").EnumerateArray()
                .Select(p => p.TryGetProperty("chunksHeld", out var held) ? held.GetInt32() : 0).DefaultIfEmpty().Max(),
            json);
    }
}
