using System.Net;
using System.Net.Sockets;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Messages;
using SwarmEmulation.Agents;
using SwarmEmulation.Films;
using TestSupport.Peers;

namespace SwarmEmulation.Swarms;

/// <summary>What is wrong with a peer that says it has everything.</summary>
internal enum Badness
{
    /// <summary>It sends wrong bytes.</summary>
    Lies,

    /// <summary>It has nothing when asked.</summary>
    IsEmpty,

    /// <summary>It stops in the middle of a chunk.</summary>
    Stops,

    /// <summary>It never answers.</summary>
    IsSilent,

    /// <summary>Nobody listens at its address.</summary>
    IsGone,
}

/// <summary>A peer that is of no use, known to the tracker as one that has every chunk.</summary>
internal sealed class BadPeer : IAsyncDisposable
{
    private readonly FakePeer _fake;
    private readonly Socket _nobody = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private BadPeer(FakePeer fake) => _fake = fake;

    /// <summary>Starts one, and makes it known.</summary>
    public static async Task<BadPeer> StartAsync(Badness badness, string name, Uri tracker, Film film)
    {
        var peer = new BadPeer(await FakePeer.StartAsync(name));
        peer._nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var map = MapOf(film);
        peer._fake.Maps = [map];
        var wrong = new byte[film.ChunkBytes];
        new Random(1).NextBytes(wrong);
        for (var i = 0; i < film.Chunks; i++)
        {
            peer._fake.Script.Chunks[Film.NameOf(i)] = wrong;
        }

        peer._fake.Script.Otherwise = badness switch
        {
            Badness.IsEmpty => new ChunkStep.Refuse(404, ResponseCode.ObjectNotFound),
            Badness.Stops => new ChunkStep.Stall(film.ChunkBytes / 4),
            Badness.IsSilent => new ChunkStep.Wait(new ChunkStep.Raw()),
            _ => new ChunkStep.Raw(),
        };
        await peer.RegisterAsync(tracker, film, map, badness == Badness.IsGone);
        return peer;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _nobody.Dispose();
        await _fake.DisposeAsync();
    }

    private static LevelMap MapOf(Film film)
    {
        var all = new byte[ChunkMap.ByteLength(film.Chunks)];
        Array.Fill(all, (byte)0xFF);
        return new LevelMap(new LevelId("film", "video", 0), [ChunkMap.Create(0, film.Chunks, all)]);
    }

    private async Task RegisterAsync(Uri tracker, Film film, LevelMap map, bool isGone)
    {
        var address = isGone ? new PeerAddress(IPAddress.Loopback, ((IPEndPoint)_nobody.LocalEndPoint!).Port) : _fake.Address;
        var swarm = Parsed.Swarm(film.Swarm);
        using var http = new HttpClient();
        TrackerRequest[] requests =
        [
            new RegisterRequest { PeerId = _fake.Id, TransactionId = Parsed.Transaction("1"), Addresses = [address] },
            new JoinRequest { PeerId = _fake.Id, TransactionId = Parsed.Transaction("2"), SwarmId = swarm },
            new ReportRequest { PeerId = _fake.Id, TransactionId = Parsed.Transaction("3"), ChunkMaps = [new ChunkMapReport(swarm, [map])] },
        ];
        foreach (var request in requests)
        {
            using var body = new ByteArrayContent(TrackerCodec.WriteRequest(request));
            body.Headers.ContentType = new("application/xml");
            using var answer = await http.PostAsync(tracker, body);
            answer.EnsureSuccessStatusCode();
        }
    }
}
