using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PeerAgent.Media;
using PeerAgent.Media.Store;
using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Swarms;
using PeerAgent.Swarm.Transfer;
using PeerAgent.Swarm.Upload;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using TestSupport.Peers;

namespace PeerAgent.Swarm.Tests.Scene;

/// <summary>The project as a host runs it: a swarm stream, a store on disk and the peers' listener on a free port.</summary>
internal sealed class Agent : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<FakePeer> _fakes = [];
    private WebApplication? _app;

    private Agent(string id, StreamInfo stream)
    {
        Id = Named.Peer(id);
        Info = new PeerInfo { PeerId = Id };
        StreamInfo = stream;
    }

    public PeerId Id { get; }

    public StreamInfo StreamInfo { get; }

    public PeerInfo Info { get; private set; }

    public Uri Url { get; private set; } = new("http://127.0.0.1/");

    public FakeLookup Lookup { get; } = new();

    public StreamChunks Chunks { get; private set; } = null!;

    public SwarmStream Stream { get; private set; } = null!;

    public SwarmDirectory Swarms => _app!.Services.GetRequiredService<SwarmDirectory>();

    public IServiceProvider Services => _app!.Services;

    /// <summary>Starts one.</summary>
    /// <param name="content">The stream it takes part in.</param>
    /// <param name="id">Its PeerID.</param>
    /// <param name="time">Its clock; the real one when null.</param>
    /// <param name="address">Where it listens.</param>
    /// <param name="settings">Configuration keys below <c>PeerAgent:</c>, each <c>Key=value</c>.</param>
    public static async Task<Agent> StartAsync(
        Content content, string id = "me", TimeProvider? time = null, IPAddress? address = null, params string[] settings)
    {
        var agent = new Agent(id, content.Stream);
        address ??= IPAddress.Loopback;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(s => s.Split('=', 2)).Select(s => KeyValuePair.Create("PeerAgent:" + s[0], (string?)s[1])));
        builder.WebHost.ConfigureKestrel(k => k.Listen(address, 0));
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromMilliseconds(50));
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton(new Random(7));
        builder.Services.AddSingleton(new LocalPeer(agent.Id));
        builder.Configuration["PeerAgent:Store:Path"] = agent._folder.Path;
        builder.Services.AddPeerAgentMedia();
        builder.Services.AddPeerAgentSwarm();
        agent._app = builder.Build();
        agent._app.MapPeerProtocol();
        await agent._app.StartAsync();
        var port = new Uri(agent._app.Urls.First()).Port;
        agent.Url = new Uri($"http://{new IPEndPoint(address, port)}/");
        agent.Info = new PeerInfo { PeerId = agent.Id, PeerType = PeerInfo.Leech, Addresses = [new PeerAddress(address, port)] };
        agent.Chunks = agent.Services.GetRequiredService<ChunkStore>().Open(agent.StreamInfo);
        agent.Stream = agent.Swarms.Open(agent.Chunks, agent.Lookup);
        return agent;
    }

    /// <summary>Puts chunks into the store.</summary>
    public async Task HoldAsync(Content content, params int[] numbers)
    {
        foreach (var number in numbers.Length == 0 ? Enumerable.Range(0, content.Chunks.Count) : numbers)
        {
            Assert.Equal(PutOutcome.Stored, await Chunks.PutAsync(Content.Id(number), content.Chunks[number].ToArray(), default));
        }
    }

    /// <summary>A fake peer that holds these chunks (all when none is named) and is known to this agent, map and all.</summary>
    public Task<FakePeer> MeetAsync(Content content, string id, params int[] numbers) =>
        MeetAsync(content, id, new ChunkStep.Raw(), numbers);

    /// <summary>The same for one that answers in its own way from the first request on.</summary>
    public async Task<FakePeer> MeetAsync(Content content, string id, ChunkStep otherwise, params int[] numbers)
    {
        var peer = await FakePeer.StartAsync(id);
        _fakes.Add(peer);
        peer.Maps = content.MapOf(numbers);
        peer.Script.Otherwise = otherwise;
        for (var i = 0; i < content.Chunks.Count; i++)
        {
            peer.Script.Chunks[Chunks.Layout.NameOf(Content.Id(i))] = content.Chunks[i];
        }

        await MeetAsync(peer);
        return peer;
    }

    /// <summary>Makes a peer known, and waits for its map.</summary>
    public async Task MeetAsync(FakePeer peer)
    {
        Stream.PeersFound([peer.Info]);
        await Eventually.HoldsAsync(
            () => Stream.Peers.Any(p => p.PeerId == peer.Id && p.HeldChunks is not null), $"the map of {peer.Id}");
    }

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        foreach (var fake in _fakes)
        {
            await fake.DisposeAsync();
        }

        await _app!.DisposeAsync();
        _folder.Dispose();
    }
}
