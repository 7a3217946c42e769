using System.Net;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Swarm.Sources;

/// <summary>
/// The peers of one stream. Bounded: useless ones make room for new ones, and who was banned stays away. Safe for
/// concurrent use; <see cref="Peers"/> is a snapshot.
/// </summary>
internal sealed class PeerDirectory(LocalPeer self, IPeerTransport transport, int capacity)
{
    private const int MaxBans = 1024;
    private const int UselessAfterFailures = 3;

    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, Peer> _peers = [];
    private readonly HashSet<PeerId> _bannedIds = [];
    private readonly HashSet<PeerAddress> _bannedAddresses = [];
    private volatile Peer[] _snapshot = [];

    /// <summary>All peers.</summary>
    public IReadOnlyList<Peer> Peers => _snapshot;

    /// <summary>Fires whenever somebody who waits for a source should look again.</summary>
    public Signal Changed { get; } = new();

    /// <summary>Fires when there is something new to poll.</summary>
    public Signal PollWanted { get; } = new();

    /// <summary>Takes over a list of peers.</summary>
    /// <param name="infos">The list; our own id, banned peers and peers without a usable address are dropped.</param>
    /// <param name="fromTracker">True for a tracker's list: it may change what is known of a peer; other peers' lists only add.</param>
    /// <param name="holds">A chunk that everyone in the list is said to hold, or null.</param>
    public void Add(IEnumerable<PeerInfo> infos, bool fromTracker, ChunkId? holds)
    {
        lock (_gate)
        {
            foreach (var info in infos)
            {
                if (AddOne(info, fromTracker) is { } peer && holds is { } chunk)
                {
                    peer.Holdings.Hint(chunk);
                }
            }

            _snapshot = [.. _peers.Values];
        }

        PollWanted.Pulse();
        Changed.Pulse();
    }

    /// <summary>The peer with this id, or null.</summary>
    public Peer? Find(PeerId id)
    {
        lock (_gate)
        {
            return _peers.GetValueOrDefault(id);
        }
    }

    /// <summary>The peer lied: it is never asked again, nor is whoever else comes with its address.</summary>
    public void Ban(Peer peer, string detail)
    {
        peer.Health.Ban(detail);
        lock (_gate)
        {
            // Bounded; a stream with a thousand liars has lost its memory of the first ones, not its checks.
            if (_bannedIds.Count < MaxBans)
            {
                _bannedIds.Add(peer.Id);
                _bannedAddresses.UnionWith(peer.Contact.Addresses);
            }
        }
    }

    /// <summary>Forgets a peer.</summary>
    public void Remove(Peer peer)
    {
        lock (_gate)
        {
            if (_peers.GetValueOrDefault(peer.Id) == peer && _peers.Remove(peer.Id))
            {
                _snapshot = [.. _peers.Values];
            }
        }
    }

    /// <summary>True when the address is one that the peer is known by.</summary>
    public bool IsAt(PeerId id, IPAddress address) => Find(id)?.IsAt(address) == true;

    private Peer? AddOne(PeerInfo info, bool fromTracker)
    {
        if (info.PeerId == self.PeerId || _bannedIds.Contains(info.PeerId))
        {
            return null;
        }

        if (_peers.TryGetValue(info.PeerId, out var known))
        {
            if (fromTracker && new PeerContact(info.Addresses).Addresses.Count > 0)
            {
                known.Update(info);
            }

            return known;
        }

        var contact = new PeerContact(info.Addresses);
        if (contact.Addresses.Count == 0 || contact.Addresses.All(_bannedAddresses.Contains) || !MakeRoom())
        {
            return null;
        }

        var peer = new Peer(info.PeerId, transport);
        peer.Update(info);
        _peers.Add(peer.Id, peer);
        return peer;
    }

    private bool MakeRoom()
    {
        if (_peers.Count < capacity)
        {
            return true;
        }

        var useless = _peers.Values.Where(IsUseless).MaxBy(p => p.Poll.Failures + p.Health.Failures);
        return useless is not null && _peers.Remove(useless.Id);
    }

    private static bool IsUseless(Peer peer) =>
        peer.Open == 0
        && (peer.Health.StateAt(TimeSpan.MaxValue) == SourceState.Banned
            || peer.Poll.Failures >= UselessAfterFailures
            || peer.Health.Failures >= UselessAfterFailures
            || (peer.Holdings.IsKnown && peer.Holdings.Count == 0));
}
