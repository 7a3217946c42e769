using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Xml;

namespace Ppsp.Protocol.DialectA;

/// <summary>Reads what the root of a request holds; the order of its children does not matter.</summary>
internal sealed class TrackerRequestReader
{
    private readonly CommonFields _common = new();
    private string? _userId;
    private string? _authToken;
    private string? _expireTime;
    private ClipFields? _clip;
    private List<PeerAddress>? _addresses;
    private ReportFields? _report;

    /// <summary>Reads a request; null after a fault.</summary>
    internal static TrackerRequest? Read(MessageReader reader)
    {
        var fields = new TrackerRequestReader();
        var scope = reader.Enter();
        while (reader.NextChild(scope))
        {
            if (!fields._common.Take(reader))
            {
                fields.Take(reader);
            }
        }

        var request = reader.Fault is null ? fields.Build(reader) : null;
        return reader.Fault is null ? request : null;
    }

    private void Take(MessageReader reader)
    {
        switch (reader.Name)
        {
            case "UserID":
                reader.ReadTextOnce(ref _userId);
                break;
            case "AuthToken":
                reader.ReadTextOnce(ref _authToken);
                break;
            case "ExpireTime":
                reader.ReadTextOnce(ref _expireTime);
                break;
            case "Clip" when _clip is null:
                _clip = ClipFields.Read(reader);
                break;
            case "PeerAddresses" when _addresses is null:
                _addresses = PeerInfoXml.ReadAddresses(reader);
                break;
            case "Stats" when _report is null:
                _report = ReportFields.Read(reader);
                break;
            case "Clip" or "PeerAddresses" or "Stats":
                reader.FailTwice();
                break;
        }
    }

    private TrackerRequest? Build(MessageReader reader)
    {
        var method = _common.Method(reader);
        var peer = _common.PeerId(reader);
        var transaction = _common.TransactionId(reader);
        var credentials = Credentials(reader);
        var request = method is "JOIN" or "LEAVE" or "FIND_PEER" or "GET_PEERS" or "FIND_CHUNK"
            ? ForSwarm(reader, method, peer, transaction)
            : ForPeer(method, peer, transaction);
        if (request is null)
        {
            reader.Fail("Method must be one of CONNECT, DISCONNECT, JOIN, LEAVE, FIND_PEER, FIND_CHUNK, STAT_REPORT and KEEPALIVE");
        }

        return request is null || credentials == Messages.Credentials.None ? request : request with { Credentials = credentials };
    }

    private TrackerRequest? ForPeer(string method, PeerId peer, TransactionId transaction) => method switch
    {
        "CONNECT" => new RegisterRequest
        {
            PeerId = peer, TransactionId = transaction, Addresses = _addresses ?? (IReadOnlyList<PeerAddress>)[],
        },
        "DISCONNECT" => new QuitRequest { PeerId = peer, TransactionId = transaction },
        "STAT_REPORT" => new ReportRequest
        {
            PeerId = peer,
            TransactionId = transaction,
            ChunkMaps = _report?.ChunkMaps ?? (IReadOnlyList<ChunkMapReport>)[],
            StreamStats = _report?.StreamStats ?? (IReadOnlyList<StreamStatsReport>)[],
        },
        "KEEPALIVE" => new HeartbeatRequest { PeerId = peer, TransactionId = transaction },
        _ => null,
    };

    private TrackerRequest ForSwarm(MessageReader reader, string method, PeerId peer, TransactionId transaction)
    {
        var swarm = _common.SwarmId(reader);
        return method switch
        {
            "JOIN" => new JoinRequest { PeerId = peer, TransactionId = transaction, SwarmId = swarm, Expiry = Expiry(reader) },
            "LEAVE" => new LeaveRequest { PeerId = peer, TransactionId = transaction, SwarmId = swarm },
            "FIND_CHUNK" => new ChunkListRequest
            {
                PeerId = peer,
                TransactionId = transaction,
                SwarmId = swarm,
                ClipName = _clip?.Name,
                ClipType = _clip?.Type,
                Index = ChunkIndex(reader),
                Level = _clip?.Level ?? 0,
            },
            _ => new ListRequest
            {
                PeerId = peer, TransactionId = transaction, SwarmId = swarm, ClipName = _clip?.Name, ClipType = _clip?.Type,
            },
        };
    }

    private Credentials Credentials(MessageReader reader)
    {
        if (string.IsNullOrEmpty(_userId) && string.IsNullOrEmpty(_authToken))
        {
            return Messages.Credentials.None;
        }

        UserId? user = null;
        if (UserId.TryParse(_userId, out var id))
        {
            user = id;
        }
        else if (!string.IsNullOrEmpty(_userId))
        {
            CommonFields.FailIdentifier(reader, "UserID", IdentifierText.MaxLength);
        }

        string? token = null;
        if (!string.IsNullOrEmpty(_authToken) && !IdentifierText.TryNormalize(_authToken, Messages.Credentials.MaxTokenLength, out token))
        {
            CommonFields.FailIdentifier(reader, "AuthToken", Messages.Credentials.MaxTokenLength);
        }

        return new Credentials(user, token);
    }

    private Expiry Expiry(MessageReader reader)
    {
        if (!ExpireTime.TryParse(_expireTime, out var expiry))
        {
            reader.Fail("ExpireTime must be whole seconds, 0 for never, or a time such as 2011-06-20T12:00:00Z");
        }

        return expiry;
    }

    private long ChunkIndex(MessageReader reader)
    {
        if (_clip?.Index is null)
        {
            reader.Fail("FIND_CHUNK needs a Clip with a ChunkSegmentIndex");
        }

        return _clip?.Index ?? 0;
    }
}
