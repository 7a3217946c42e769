using System.Net;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace Ppsp.Protocol.Tests;

/// <summary>The neutral messages that the golden files stand for, by the name of the file.</summary>
internal static class Samples
{
    private static readonly PeerId Peer = Read.Peer("656164657221");
    private static readonly SwarmId Swarm = Read.Swarm("123456abcd");
    private static readonly TransactionId Transaction = Read.Transaction("12345");
    private static readonly Credentials Credentials = new(Read.User("user@example.org"), "dG9rZW4+/w==");
    private static readonly LevelId Level = new("path/name", "video", 0);
    private static readonly ChunkMap Whole = ChunkMap.Create(0, 25, [0xFF, 0xFF, 0xFF, 0x80]);

    private static readonly PeerAddress[] Addresses =
        [new(IPAddress.Parse("192.0.2.7"), 7681), new(IPAddress.Parse("20:1:d:b8::1"), 7681)];

    private static readonly PeerInfo[] Peers =
    [
        new()
        {
            PeerId = Peer, PeerType = "LEECH", Addresses = Addresses, PeerLocation = "Lisboa", ConnectionType = "ADSL", EndPointRankCost = 5,
        },
    ];

    internal static TrackerRequest Request(string name) => name switch
    {
        "connect-request" => new RegisterRequest { PeerId = Peer, TransactionId = Transaction, Credentials = Credentials, Addresses = Addresses },
        "disconnect-request" => new QuitRequest { PeerId = Peer, TransactionId = Transaction, Credentials = Credentials },
        "join-request" => new JoinRequest
        {
            PeerId = Peer, TransactionId = Transaction, Credentials = Credentials, SwarmId = Swarm, Expiry = new(TimeSpan.FromHours(1), null),
        },
        "leave-request" => new LeaveRequest { PeerId = Peer, TransactionId = Transaction, Credentials = Credentials, SwarmId = Swarm },
        "find-peer-request" => new ListRequest
        {
            PeerId = Peer, TransactionId = Transaction, Credentials = Credentials, SwarmId = Swarm, ClipName = "path/name", ClipType = "video",
        },
        "find-chunk-request" => new ChunkListRequest
        {
            PeerId = Peer, TransactionId = Transaction, Credentials = Credentials, SwarmId = Swarm, ClipName = "path/name", ClipType = "video", Index = 17,
        },
        "stat-report-request" => new ReportRequest
        {
            PeerId = Peer,
            TransactionId = Transaction,
            Credentials = Credentials,
            ChunkMaps = [new(Swarm, [new(Level, [Whole])])],
            StreamStats = [new(Swarm, 512, 768, 1024000)],
        },
        "keepalive-request" => new HeartbeatRequest { PeerId = Peer, TransactionId = Transaction, Credentials = Credentials },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    internal static TrackerResponse Response(string name) => name is "find-peer-response" or "find-chunk-response"
        ? new TrackerResponse { Code = ResponseCode.Ok, TransactionId = Transaction, SwarmId = Swarm, Peers = Peers }
        : new TrackerResponse { Code = ResponseCode.Ok, TransactionId = Transaction };

    internal static PeerRequest PeerRequest(string name) => name switch
    {
        "get-peerlist-request" => new GetPeerListRequest { PeerId = Peer, SwarmId = Swarm, TransactionId = Transaction },
        "get-chunkmap-request" => new GetChunkMapRequest { PeerId = Peer, SwarmId = Swarm, TransactionId = Transaction },
        "get-chunk-request" => new GetChunkRequest { PeerId = Peer, SwarmId = Swarm, TransactionId = Transaction },
        "peer-status-request" => new PeerStatusRequest
        {
            PeerId = Peer, SwarmId = Swarm, TransactionId = Transaction, Status = PeerStatusRequest.Choke,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    internal static PeerResponse PeerResponse(string name) => name switch
    {
        "get-peerlist-response" => new() { Code = ResponseCode.Ok, TransactionId = Transaction, SwarmId = Swarm, Peers = Peers },
        "get-chunkmap-response" => new()
        {
            Code = ResponseCode.Ok,
            TransactionId = Transaction,
            SwarmId = Swarm,
            ChunkMaps = [new(Level, [Whole, ChunkMap.Create(624, 5, [0xD8])]), new(Level with { Level = 3 }, [])],
        },
        "get-chunk-response" => new() { Code = ResponseCode.Ok, TransactionId = Transaction },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };
}
