using System.Net;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using ReferenceTracker.Settings;

namespace ReferenceTracker.Registry;

/// <summary>
/// The tracker's mind: what each request changes and how it is answered (draft-cruz-ppsp-http-tracker-protocol-01,
/// section 4). One short lock; nothing is parsed, written or hashed inside. Safe to use from many threads.
/// </summary>
internal sealed class SwarmRegistry
{
    /// <summary>How many ends a request may clear away before its own work.</summary>
    private const int ExpiriesPerRequest = 64;

    private const int ExpiriesPerSweep = 1024;

    private readonly Lock _gate = new();
    private readonly TrackerOptions _options;
    private readonly TimeProvider _time;
    private readonly RegistryState _state;
    private readonly PeerSelection _selection;
    private readonly DepartedPeers _departed = new();

    public SwarmRegistry(TrackerOptions options, TimeProvider time, Random random)
    {
        _options = options;
        _time = time;
        _state = new RegistryState(options, time);
        _selection = new PeerSelection(options.Peers.ListSize, random);
    }

    /// <summary>Processes a request.</summary>
    /// <param name="request">The message.</param>
    /// <param name="observed">Where it came from, or null when that is not known.</param>
    /// <param name="fingerprint">Tells this request's bytes from others; see <see cref="IsReplayable"/>.</param>
    public RegistryAnswer Handle(TrackerRequest request, IPAddress? observed, ulong fingerprint)
    {
        ArgumentNullException.ThrowIfNull(request);
        var source = CompactAddress.From(observed ?? IPAddress.None, 0);
        var addresses = request is RegisterRequest register ? Usable(register) : [];
        lock (_gate)
        {
            var now = _state.Now();
            _state.Expire(now, ExpiriesPerRequest);
            var peer = FindLiving(request, now);
            if (peer is null)
            {
                return HandleUnregistered(request, source, addresses, fingerprint, now);
            }

            if (peer.User != request.Credentials.UserId)
            {
                return RegistryAnswer.Forbidden;
            }

            _state.Touch(peer, now);
            if (IsReplayable(request) && (peer.HasAnswered(fingerprint, now) || IsOldGoodbye(request, fingerprint, now)))
            {
                return RegistryAnswer.Ok;
            }

            var answer = Process(peer, request, source, addresses, now);
            if (answer.Code == ResponseCode.Ok && IsReplayable(request))
            {
                peer.Remember(fingerprint, now);
                if (request is QuitRequest)
                {
                    _departed.Add(peer.Id, fingerprint, now);
                }
            }

            return answer;
        }
    }

    /// <summary>True for requests whose answer is given again to a retry without doing them twice.</summary>
    public static bool IsReplayable(TrackerRequest request) =>
        request is RegisterRequest or QuitRequest or JoinRequest or LeaveRequest or ReportRequest;

    /// <summary>Ends what is over, a batch at a time. Called once a second, so that silence costs no memory.</summary>
    public void Sweep()
    {
        bool more;
        do
        {
            lock (_gate)
            {
                more = _state.Expire(_state.Now(), ExpiriesPerSweep);
            }
        }
        while (more);
    }

    /// <summary>How much there is, after everything that is over was ended.</summary>
    public RegistrySize Size()
    {
        Sweep();
        lock (_gate)
        {
            return new RegistrySize(
                _state.PeerCount, _state.SwarmCount, _state.MembershipCount, _state.MapBytes, _state.History.Count, _state.ExpiredPeers);
        }
    }

    /// <summary>What remains of a peer's past, or null.</summary>
    public HistoryRecord? FindHistory(PeerId id)
    {
        Sweep();
        lock (_gate)
        {
            return _state.History.Find(id);
        }
    }

    private static CompactAddress[] Usable(RegisterRequest request)
    {
        var usable = new List<CompactAddress>(request.Addresses.Count);
        foreach (var address in request.Addresses)
        {
            var compact = CompactAddress.From(address.Address, address.Port);
            if (compact.IsUsable && !usable.Contains(compact))
            {
                usable.Add(compact);
            }
        }

        return [.. usable];
    }

    private Peer? FindLiving(TrackerRequest request, long now)
    {
        var peer = _state.FindPeer(request.PeerId);
        if (peer is not null && !_state.IsAlive(peer, now))
        {
            _state.Remove(peer, now);
            return null;
        }

        return peer;
    }

    /// <summary>True for a DISCONNECT that ended an earlier registration: retried late, it must not end the next one.</summary>
    private bool IsOldGoodbye(TrackerRequest request, ulong fingerprint, long now) =>
        request is QuitRequest && _departed.HasAnswered(request.PeerId, fingerprint, now);

    private RegistryAnswer HandleUnregistered(
        TrackerRequest request, CompactAddress source, CompactAddress[] addresses, ulong fingerprint, long now)
    {
        if (IsOldGoodbye(request, fingerprint, now))
        {
            return RegistryAnswer.Ok;
        }

        if (request is not RegisterRequest)
        {
            return RegistryAnswer.Forbidden;
        }

        if (_state.AddPeer(request.PeerId, request.Credentials.UserId, now) is not { } peer)
        {
            return RegistryAnswer.Full;
        }

        _state.SetAddresses(peer, source, addresses);
        peer.Remember(fingerprint, now);
        return RegistryAnswer.Ok;
    }

    private RegistryAnswer Process(Peer peer, TrackerRequest request, CompactAddress source, CompactAddress[] addresses, long now)
    {
        switch (request)
        {
            case RegisterRequest:
                _state.SetAddresses(peer, source, addresses);
                return RegistryAnswer.Ok;
            case QuitRequest:
                _state.Remove(peer, now);
                return RegistryAnswer.Ok;
            case JoinRequest join:
                return Join(peer, join, now);
            case LeaveRequest leave:
                return Leave(peer, leave, now);
            case ListRequest list:
                return Find(peer, list.SwarmId, ChunkQuestion.Of(list), now);
            case ChunkListRequest chunk:
                return Find(peer, chunk.SwarmId, ChunkQuestion.Of(chunk), now);
            case ReportRequest report:
                return Report(peer, report, now);
            default:
                return RegistryAnswer.Ok;
        }
    }

    private RegistryAnswer Join(Peer peer, JoinRequest request, long now)
    {
        var swarm = _state.FindSwarm(request.SwarmId);
        if (swarm is null && !_options.Swarms.AutoCreate)
        {
            return RegistryAnswer.NotFound;
        }

        if (peer.MembershipCount >= _options.Limits.SwarmsPerPeer && (swarm is null || peer.Find(swarm) is null))
        {
            return RegistryAnswer.Forbidden;
        }

        swarm ??= _state.AddSwarm(request.SwarmId);
        if (swarm is null)
        {
            return RegistryAnswer.Full;
        }

        var end = request.Expiry.After is { } after ? now + (long)after.TotalMilliseconds
            : request.Expiry.At is { } at ? now + (long)(at - _time.GetUtcNow()).TotalMilliseconds
            : Membership.Never;
        _state.Schedule(_state.Join(peer, swarm), end);
        return RegistryAnswer.Ok;
    }

    private RegistryAnswer Leave(Peer peer, LeaveRequest request, long now)
    {
        if (_state.FindSwarm(request.SwarmId) is not { } swarm || peer.Find(swarm) is not { } membership)
        {
            return RegistryAnswer.NotFound;
        }

        var over = !_state.IsAlive(membership, now);
        _state.Leave(membership, now);
        return over ? RegistryAnswer.NotFound : RegistryAnswer.Ok;
    }

    private RegistryAnswer Find(Peer peer, SwarmId swarmId, ChunkQuestion question, long now)
    {
        if (_state.FindSwarm(swarmId) is not { } swarm)
        {
            return RegistryAnswer.NotFound;
        }

        var peers = _selection.Select(swarm, peer, question, m => _state.IsAlive(m, now));
        if (peers.Length < _options.Peers.ListSize && _state.Expire(now, 1))
        {
            // Those who are over may have hidden others; they are cleared away first.
            while (_state.Expire(now, ExpiriesPerSweep))
            {
            }

            peers = _selection.Select(swarm, peer, question, m => _state.IsAlive(m, now));
        }

        return question.HoldersOnly && peers.Length == 0 ? RegistryAnswer.NotFound : new RegistryAnswer(ResponseCode.Ok, peers);
    }

    private RegistryAnswer Report(Peer peer, ReportRequest request, long now)
    {
        if (!_state.HasRoomFor(HeldSegments.Bytes(request)))
        {
            return RegistryAnswer.Full;
        }

        if (request.ChunkMaps.Count == 1)
        {
            Hold(peer, request.ChunkMaps[0].SwarmId, request.ChunkMaps[0].Levels, now);
        }
        else
        {
            foreach (var group in request.ChunkMaps.GroupBy(r => r.SwarmId))
            {
                Hold(peer, group.Key, [.. group.SelectMany(r => r.Levels)], now);
            }
        }

        foreach (var stats in request.StreamStats)
        {
            if (_state.FindSwarm(stats.SwarmId) is { } swarm && peer.Find(swarm) is { } member)
            {
                member.Uploaded = stats.UploadedBytes;
                member.Downloaded = stats.DownloadedBytes;
            }
        }

        return RegistryAnswer.Ok;
    }

    private void Hold(Peer peer, SwarmId swarmId, IReadOnlyList<LevelMap> levels, long now)
    {
        if (_state.FindSwarm(swarmId) is { } swarm && peer.Find(swarm) is { } member && _state.IsAlive(member, now))
        {
            var held = HeldSegments.Merge(swarm, member.Held, levels, _options.Limits.ChunksPerMember, out var passedOver);
            _state.SetHeld(member, held);
            member.IsSeed = !passedOver && HeldSegments.HasNoGap(held);
        }
    }
}
