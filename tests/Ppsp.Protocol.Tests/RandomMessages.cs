using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace Ppsp.Protocol.Tests;

/// <summary>Messages of every kind with contents that hurt: every character XML gives a meaning, other scripts, ends of ranges.</summary>
internal sealed class RandomMessages(Random random)
{
    private static readonly string[] Pieces =
        ["a", "Z", "0", "-", "/", "\\", "<", ">", "&", "\"", "'", "]]>", "&amp;", " ", "é", "名", "\u200B", "😀", "%2F", "=", "{", "--", "\uFFFD"];

    /// <summary>Runs a property over messages made by <paramref name="make"/>, each from its own seed, which a failure prints.</summary>
    internal static void Check<T>(Func<RandomMessages, T> make, Func<T, bool> holds) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => holds(make(new RandomMessages(new Random(seed)))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    internal string Text(int maxPieces)
    {
        var text = string.Concat(Enumerable.Range(0, random.Next(1, maxPieces)).Select(_ => Pieces[random.Next(Pieces.Length)])).Trim();
        return text.Length == 0 ? "x" : text;
    }

    internal TrackerRequest TrackerRequest()
    {
        var peer = Read.Peer(Text(40));
        var id = Read.Transaction(Text(10));
        var swarm = Read.Swarm(Text(40));
        TrackerRequest request = random.Next(8) switch
        {
            0 => new RegisterRequest { PeerId = peer, TransactionId = id, Addresses = Addresses() },
            1 => new QuitRequest { PeerId = peer, TransactionId = id },
            2 => new JoinRequest { PeerId = peer, TransactionId = id, SwarmId = swarm, Expiry = Ending() },
            3 => new LeaveRequest { PeerId = peer, TransactionId = id, SwarmId = swarm },
            4 => new ListRequest { PeerId = peer, TransactionId = id, SwarmId = swarm, ClipName = Maybe(Text(20)), ClipType = Maybe("audio") },
            5 => new ChunkListRequest
            {
                PeerId = peer,
                TransactionId = id,
                SwarmId = swarm,
                ClipName = Maybe(Text(20)),
                ClipType = Maybe("video"),
                Index = Number(ChunkName.MaxIndex),
                Level = (int)Number(ChunkName.MaxLevel),
            },
            6 => new ReportRequest { PeerId = peer, TransactionId = id, ChunkMaps = Some(3, Report), StreamStats = Some(3, Stats) },
            _ => new HeartbeatRequest { PeerId = peer, TransactionId = id },
        };
        return random.Next(2) == 0 ? request : request with { Credentials = new(Read.User(Text(20)), Maybe(Text(50))) };
    }

    internal TrackerResponse TrackerResponse() => new()
    {
        Code = Code(ResponseCode.MessageNotSupported),
        TransactionId = random.Next(3) == 0 ? null : Read.Transaction(Text(10)),
        SwarmId = random.Next(2) == 0 ? null : Read.Swarm(Text(10)),
        Peers = random.Next(2) == 0 ? null : Some(20, Peer),
    };

    internal PeerRequest PeerRequest()
    {
        var peer = Read.Peer(Text(40));
        var id = Read.Transaction(Text(10));
        var swarm = Read.Swarm(Text(40));
        return random.Next(4) switch
        {
            0 => new GetPeerListRequest { PeerId = peer, TransactionId = id, SwarmId = swarm },
            1 => new GetChunkMapRequest { PeerId = peer, TransactionId = id, SwarmId = swarm },
            2 => new GetChunkRequest { PeerId = peer, TransactionId = id, SwarmId = swarm },
            _ => new PeerStatusRequest { PeerId = peer, TransactionId = id, SwarmId = swarm, Status = Maybe("choke") ?? "unchoke" },
        };
    }

    internal PeerResponse PeerResponse() => new()
    {
        Code = Code(null),
        TransactionId = random.Next(3) == 0 ? null : Read.Transaction(Text(10)),
        SwarmId = random.Next(2) == 0 ? null : Read.Swarm(Text(10)),
        Peers = random.Next(2) == 0 ? null : Some(20, Peer),
        ChunkMaps = random.Next(2) == 0 ? null : Some(5, Level),
    };

    internal ChunkMap Map()
    {
        var length = random.Next(10) == 0 ? random.Next(1, 5000) : random.Next(1, 40);
        var bits = new byte[ChunkMap.ByteLength(length)];
        random.NextBytes(bits);
        return ChunkMap.Create(Number(ChunkName.MaxIndex - length + 1), length, bits);
    }

    private ResponseCode Code(ResponseCode? except)
    {
        var codes = Enum.GetValues<ResponseCode>().Where(c => c != except).ToArray();
        return codes[random.Next(codes.Length)];
    }

    private long Number(long max) => random.Next(4) switch
    {
        0 => 0,
        1 => max,
        _ => random.NextInt64(max),
    };

    private string? Maybe(string text) => random.Next(2) == 0 ? null : text;

    private List<T> Some<T>(int max, Func<T> make) => [.. Enumerable.Range(0, random.Next(max + 1)).Select(_ => make())];

    private List<PeerAddress> Addresses() => Some(5, () =>
    {
        var bytes = new byte[random.Next(2) == 0 ? 4 : 16];
        random.NextBytes(bytes);
        return new PeerAddress(new IPAddress(bytes), (int)Number(65535));
    });

    private Expiry Ending() => random.Next(3) switch
    {
        0 => Expiry.Never,
        1 => new(TimeSpan.FromSeconds(random.Next(1, int.MaxValue)), null),
        _ => new(null, DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(DateTimeOffset.MaxValue.Ticks - DateTimeOffset.UnixEpoch.Ticks))),
    };

    private PeerInfo Peer() => new()
    {
        PeerId = Read.Peer(Text(30)),
        PeerType = Maybe("SEED") ?? "",
        Addresses = Addresses(),
        PeerLocation = Maybe(Text(20)) ?? "",
        ConnectionType = Maybe(Text(5)) ?? "",
        EndPointRankCost = random.Next(int.MinValue, int.MaxValue),
    };

    private LevelMap Level() => new(new LevelId(Text(5), Maybe("audio") ?? "video", random.Next(3)), Some(3, Map));

    private ChunkMapReport Report() => new(Read.Swarm(Text(20)), Some(4, Level));

    private StreamStatsReport Stats() => new(Read.Swarm(Text(20)), Number(long.MaxValue), Number(long.MaxValue), Number(long.MaxValue));
}
