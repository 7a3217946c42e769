using PeerAgent.Hosting;
using PeerAgent.Listening;
using TestSupport.Links;

namespace SwarmEmulation.Swarms;

/// <summary>A whole agent in this process, with state of its own, whose peers' door is behind a line.</summary>
internal sealed class EmulatedPeer : IAsyncDisposable
{
    /// <summary>What an agent is told of its line: as an operator does, a little less than it has.</summary>
    private const double Told = 0.95;

    private readonly WebApplication _agent;

    private EmulatedPeer(WebApplication agent, Link link)
    {
        _agent = agent;
        Link = link;
    }

    /// <summary>What other peers get from it crosses this.</summary>
    public Link Link { get; }

    /// <summary>Where its player connects.</summary>
    public Uri Proxy => _agent.Services.GetRequiredService<Listeners>().LocalUrl(Listener.Players);

    /// <summary>Starts one; its line does nothing yet.</summary>
    /// <param name="name">Its PeerID, and the name of its state's folder.</param>
    /// <param name="folder">Where the state's folder is made.</param>
    /// <param name="seed">For the dice of its line.</param>
    public static async Task<EmulatedPeer> StartAsync(string name, string folder, int seed)
    {
        var link = Link.Open(LinkShape.Free, TimeProvider.System, new Random(seed));
        var agent = AgentHost.Build(
            [
                "--PeerAgent:Proxy:Listen=http://127.0.0.1:0",
                "--PeerAgent:Peer:Listen=http://127.0.0.1:0",
                $"--PeerAgent:Peer:AdvertisedAddresses:0={link.EndPoint}",
                $"--PeerAgent:Store:Path={Path.Combine(folder, name)}",
                $"--PeerAgent:Identity:PeerId={name}",
                "--Logging:LogLevel:Default=None",
            ],
            customise: null);
        await agent.StartAsync();
        link.Target = agent.Services.GetRequiredService<Listeners>()[Listener.Peers][0];
        return new EmulatedPeer(agent, link);
    }

    /// <summary>Makes its line what it is to be, and tells the agent how much it can send, as its operator would.</summary>
    public async Task SetLineAsync(LinkShape line)
    {
        Link.Shape = line;
        if (line.BytesPerSecond is { } rate)
        {
            using var http = new HttpClient { BaseAddress = Proxy };
            using var answer = await http.PutAsJsonAsync("control/upload", new { maxBytesPerSecond = (long)(rate * Told) });
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _agent.StopAsync();
        await _agent.DisposeAsync();
        await Link.DisposeAsync();
    }
}
