using System.Globalization;
using System.Xml;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Xml;

namespace Ppsp.Protocol.DialectA;

/// <summary>Collects the elements of a request in whatever order they come, then makes the message that its method asks for.</summary>
internal sealed class RequestDraft
{
    private string? _method;
    private string? _peerId;
    private string? _userId;
    private string? _authToken;
    private string? _transactionId;
    private string? _swarmId;
    private string? _expireTime;
    private List<PeerAddress>? _addresses;
    private ClipQuery? _clip;
    private StatsReader? _stats;

    internal TrackerRequest Read(MessageReader reader)
    {
        var children = reader.EnterChildren();
        while (reader.NextChild(children))
        {
            ReadChild(reader);
        }

        reader.ReadToEnd();
        return Make(reader);
    }

    private void ReadChild(MessageReader reader)
    {
        switch (reader.Name)
        {
            case "Method":
                reader.Once(ref _method, reader.ReadText());
                break;
            case "PeerID":
                reader.Once(ref _peerId, reader.ReadText());
                break;
            case "UserID":
                reader.Once(ref _userId, reader.ReadText());
                break;
            case "AuthToken":
                reader.Once(ref _authToken, reader.ReadText());
                break;
            case "TransactionID":
                reader.Once(ref _transactionId, reader.ReadText());
                break;
            case "SwarmID":
                reader.Once(ref _swarmId, reader.ReadText());
                break;
            case "ExpireTime":
                reader.Once(ref _expireTime, reader.ReadText());
                break;
            case "PeerAddresses":
                reader.Once(ref _addresses, PeerListXml.ReadAddresses(reader, strict: true));
                break;
            case "Clip":
                reader.Once(ref _clip, ClipQuery.Read(reader));
                break;
            case "Stats":
                reader.Once(ref _stats, StatsReader.Read(reader));
                break;
            case "Response":
                throw reader.Error("a request has no 'Response'");
        }
    }

    private TrackerRequest Make(MessageReader reader)
    {
        var transaction = Envelope.RequiredTransactionId(reader, _transactionId);
        var peer = Envelope.RequiredPeerId(reader, _peerId);
        TrackerRequest request = (_method ?? throw reader.Error("'Method' is missing")).ToUpperInvariant() switch
        {
            "CONNECT" => new RegisterRequest { PeerId = peer, TransactionId = transaction, Addresses = _addresses ?? [] },
            "DISCONNECT" => new QuitRequest { PeerId = peer, TransactionId = transaction },
            "JOIN" => new JoinRequest { PeerId = peer, TransactionId = transaction, SwarmId = Swarm(reader), Expiry = ReadExpiry(reader) },
            "LEAVE" => new LeaveRequest { PeerId = peer, TransactionId = transaction, SwarmId = Swarm(reader) },
            "FIND_PEER" or "GET_PEERS" => new ListRequest
            {
                PeerId = peer, TransactionId = transaction, SwarmId = Swarm(reader), ClipName = _clip?.Name, ClipType = _clip?.Type,
            },
            "FIND_CHUNK" => new ChunkListRequest
            {
                PeerId = peer,
                TransactionId = transaction,
                SwarmId = Swarm(reader),
                ClipName = _clip?.Name,
                ClipType = _clip?.Type,
                Index = _clip?.Index ?? throw reader.Error("'ChunkSegmentIndex' in 'Clip' is missing"),
                Level = _clip.Level,
            },
            "STAT_REPORT" => new ReportRequest
            {
                PeerId = peer, TransactionId = transaction, ChunkMaps = _stats?.ChunkMaps ?? [], StreamStats = _stats?.StreamStats ?? [],
            },
            "KEEPALIVE" => new HeartbeatRequest { PeerId = peer, TransactionId = transaction },
            _ => throw reader.Error("'Method' is none of CONNECT, DISCONNECT, JOIN, LEAVE, FIND_PEER, FIND_CHUNK, STAT_REPORT, KEEPALIVE"),
        };
        return request with { Credentials = ReadCredentials(reader) };
    }

    private SwarmId Swarm(MessageReader reader) => Envelope.RequiredSwarmId(reader, _swarmId);

    private Credentials ReadCredentials(MessageReader reader)
    {
        if (string.IsNullOrEmpty(_userId) && string.IsNullOrEmpty(_authToken))
        {
            return Credentials.None;
        }

        UserId? user = null;
        if (!string.IsNullOrEmpty(_userId))
        {
            user = UserId.TryParse(_userId, out var id) ? id : throw reader.Error("'UserID' is longer than 256 characters");
        }

        return _authToken is { Length: > Credentials.MaxTokenLength }
            ? throw reader.Error($"'AuthToken' is longer than {Credentials.MaxTokenLength} characters")
            : new Credentials(user, string.IsNullOrEmpty(_authToken) ? null : _authToken);
    }

    /// <summary>Whole seconds (section 4.6), or a point in time as a later schema has it; 0 or nothing: never.</summary>
    private Expiry ReadExpiry(MessageReader reader)
    {
        if (string.IsNullOrEmpty(_expireTime))
        {
            return Expiry.Never;
        }

        if (_expireTime.Length <= 18 && ulong.TryParse(_expireTime, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds == 0 ? Expiry.Never : new Expiry(TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue)), null);
        }

        try
        {
            return new Expiry(null, XmlConvert.ToDateTimeOffset(_expireTime));
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException)
        {
            throw reader.Error("'ExpireTime' is neither whole seconds nor a date and time");
        }
    }

    /// <summary>The <c>Clip</c> of FIND_PEER and FIND_CHUNK.</summary>
    private sealed record ClipQuery(string? Name, string? Type, long? Index, int Level)
    {
        internal static ClipQuery Read(MessageReader reader)
        {
            string? name = null;
            string? type = null;
            object? index = null;
            var level = 0;
            var children = reader.EnterChildren();
            while (reader.NextChild(children))
            {
                switch (reader.Name)
                {
                    case "Name":
                        reader.Once(ref name, ChunkMapXml.ReadClipName(reader));
                        break;
                    case "Type":
                        reader.Once(ref type, ChunkMapXml.ReadType(reader, reader.ReadText()));
                        break;
                    case "ChunkSegmentIndex":
                        level = reader.Attribute("level") is null ? 0 : (int)reader.RequiredNumber("level", ChunkName.MaxLevel);
                        reader.Once(ref index, (object)reader.ReadNumber(ChunkName.MaxIndex));
                        break;
                }
            }

            return new ClipQuery(name, type, (long?)index, level);
        }
    }
}
