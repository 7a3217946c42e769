using PeerAgent.Hosting;
using PeerAgent.Listening;
using TestSupport.Links;

namespace SwarmEmulation.Swarms;

/// <summary>A whole agent in this process, with state of its own, whose peers' door is behind a line.</summary>
internal sealed class EmulatedPeer : IAsyncDisposable
{
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

    /// <summary>What an agent is told of its line: as an operator does, a little less than it has.</summary>
    private const double Told = 0.95;

    /// <summary>Starts one; its line does nothing yet.</summary>
    /// <param name="name">Its PeerID, and the name of its state's folder.</param>
    /// <param name="folder">Where the state's folder is made.</param>
    /// <param name="seed">For the dice of its line.</param>
    /// <param name="line">What its line will be; the agent is told its rate.</param>
    public static async Task<EmulatedPeer> StartAsync(string name, string folder, int seed, LinkShape line)
    {
        var link = Link.Open(LinkShape.Free, TimeProvider.System, new Random(seed));
        var agent = AgentHost.Build(
            [
                "--PeerAgent:Proxy:Listen=http://127.0.0.1:0",
                "--PeerAgent:Peer:Listen=http://127.0.0.1:0",
                $"--PeerAgent:Peer:AdvertisedAddresses:0={link.EndPoint}",
                $"--PeerAgent:Store:Path={Path.Combine(folder, name)}",
                $"--PeerAgent:Identity:PeerId={name}",
                .. line.BytesPerSecond is { } rate ? [$"--PeerAgent:Upload:MaxBytesPerSecond={(long)(rate * Told)}"] : Array.Empty<string>(),
                "--Logging:LogLevel:Default=None",
            ],
            customise: null);
        await agent.StartAsync();
        link.Target = agent.Services.GetRequiredService<Listeners>()[Listener.Peers][0];
        return new EmulatedPeer(agent, link);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _agent.StopAsync();
        await _agent.DisposeAsync();
        await Link.DisposeAsync();
    }
}
