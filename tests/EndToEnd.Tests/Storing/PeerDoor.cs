using System.Net;
using EndToEnd.Tests.Programs;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Peering;

namespace EndToEnd.Tests.Storing;

/// <summary>Where other peers ask an agent for chunks.</summary>
internal sealed class PeerDoor(Uri url, string swarm)
{
    private const int Tries = 20;

    /// <summary>The door that an agent has said that it opened.</summary>
    public static async Task<PeerDoor> OfAsync(Agent agent, string swarm) =>
        new(new Uri(await agent.Program.SaysAsync(@"peers to (http://127\.0\.0\.1:\d+/)")), swarm);

    /// <summary>Asks for a chunk as a stranger does; null when the agent has not got it.</summary>
    public async Task<byte[]?> GetAsync(string name)
    {
        for (var i = 0; i < Tries; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, "/" + name)) { Content = Question() };
            request.Headers.TryAddWithoutValidation("Accept", "application/octet-stream");
            using var answer = await Agent.Client.SendAsync(request);
            switch (answer.StatusCode)
            {
                case HttpStatusCode.OK:
                    return await answer.Content.ReadAsByteArrayAsync();
                case HttpStatusCode.NotFound:
                    return null;
                case HttpStatusCode.ServiceUnavailable:
                    continue;
                default:
                    throw new InvalidOperationException($"{name}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }
        }

        throw new TimeoutException($"{name}: the agent was too busy {Tries} times.");
    }

    private ByteArrayContent Question()
    {
        Assert.True(PeerId.TryParse("stranger", out var me));
        Assert.True(SwarmId.TryParse(swarm, out var swarmId));
        Assert.True(TransactionId.TryParse(Guid.NewGuid().ToString("N"), out var transaction));
        return new ByteArrayContent(PeerCodec.WriteRequest(new GetChunkRequest { PeerId = me, SwarmId = swarmId, TransactionId = transaction }));
    }
}
