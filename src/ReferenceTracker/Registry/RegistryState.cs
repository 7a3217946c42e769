using Ppsp.Protocol.Ids;
using ReferenceTracker.Settings;

namespace ReferenceTracker.Registry;

/// <summary>
/// Peers, swarms and memberships, and how each of them comes to its end. Knows no messages. Guarded by the registry's lock.
/// </summary>
internal sealed class RegistryState(TrackerOptions options, TimeProvider time)
{
    private readonly Dictionary<PeerId, Peer> _peers = [];
    private readonly Dictionary<SwarmId, Swarm> _swarms = [];
    private readonly PeerOrder _order = new();
    private readonly MembershipQueue _ending = new();
    private readonly LinkedList<Swarm> _empty = new();
    private readonly long _started = time.GetTimestamp();
    private readonly long _timeout = (long)options.Peers.Timeout.TotalMilliseconds;
    private readonly long _retention = (long)options.Swarms.EmptyRetention.TotalMilliseconds;

    internal int PeerCount => _peers.Count;

    internal int SwarmCount => _swarms.Count;

    internal int MembershipCount { get; private set; }

    /// <summary>Memory of chunk maps and their index, estimated, in bytes.</summary>
    internal long MapBytes { get; private set; }

    internal long ExpiredPeers { get; private set; }

    internal PeerHistory History { get; } = new(options.Limits.HistoryRecords);

    /// <summary>Milliseconds since the registry was made; not moved by changes of the wall clock.</summary>
    internal long Now() => (long)time.GetElapsedTime(_started).TotalMilliseconds;

    internal Peer? FindPeer(PeerId id) => _peers.GetValueOrDefault(id);

    internal Swarm? FindSwarm(SwarmId id) => _swarms.GetValueOrDefault(id);

    internal bool IsAlive(Peer peer, long now) => now - peer.LastSeen < _timeout;

    internal bool IsAlive(Membership membership, long now) => membership.ExpiresAt > now && IsAlive(membership.Peer, now);

    internal void Touch(Peer peer, long now)
    {
        peer.LastSeen = now;
        _order.MoveToEnd(peer);
    }

    /// <summary>Registers a peer; null when the tracker is full.</summary>
    internal Peer? AddPeer(PeerId id, UserId? user, long now)
    {
        if (_peers.Count >= options.Limits.Peers)
        {
            return null;
        }

        var peer = new Peer(id, user, now);
        _peers.Add(id, peer);
        _order.Append(peer);
        return peer;
    }

    /// <summary>The swarm, made when it is new; null when the tracker is full. The one that is empty longest makes room.</summary>
    internal Swarm? AddSwarm(SwarmId id)
    {
        if (_swarms.TryGetValue(id, out var known))
        {
            return known;
        }

        if (_swarms.Count >= options.Limits.Swarms)
        {
            if (_empty.First is null)
            {
                return null;
            }

            Forget(_empty.First.Value);
        }

        var swarm = new Swarm(id);
        _swarms.Add(id, swarm);
        return swarm;
    }

    internal Membership Join(Peer peer, Swarm swarm)
    {
        if (peer.Find(swarm) is { } known)
        {
            return known;
        }

        var membership = new Membership(peer, swarm);
        peer.Add(membership);
        swarm.Count++;
        MembershipCount++;
        if (swarm.EmptyNode is { } node)
        {
            _empty.Remove(node);
            swarm.EmptyNode = null;
        }

        if (peer.IsListable)
        {
            MapBytes += swarm.List(membership);
        }

        return membership;
    }

    /// <summary>Sets when a membership ends by itself.</summary>
    internal void Schedule(Membership membership, long expiresAt) => _ending.Schedule(membership, expiresAt);

    /// <summary>Ends a membership and notes it in the peer's history.</summary>
    internal void Leave(Membership membership, long now)
    {
        var (peer, swarm) = (membership.Peer, membership.Swarm);
        WriteHistory(peer, membership);
        _ending.Remove(membership);
        MapBytes += swarm.Unlist(membership) - HeldSegments.Bytes(membership.Held);
        swarm.Release(membership.Held);
        peer.Remove(membership);
        swarm.Count--;
        MembershipCount--;
        if (swarm.Count == 0)
        {
            swarm.EmptySince = now;
            swarm.EmptyNode = _empty.AddLast(swarm);
        }
    }

    /// <summary>Removes a peer from all swarms and forgets it, but for its history.</summary>
    internal void Remove(Peer peer, long now)
    {
        while (peer.Memberships is { } membership)
        {
            Leave(membership, now);
        }

        WriteHistory(peer, null);
        _order.Remove(peer);
        _peers.Remove(peer.Id);
    }

    /// <summary>Changes where a peer can be reached, and with it whether lists may name it.</summary>
    internal void SetAddresses(Peer peer, CompactAddress observed, CompactAddress[] addresses)
    {
        peer.Observed = observed;
        peer.Addresses = addresses;
        for (var membership = peer.Memberships; membership is not null; membership = membership.NextOfPeer)
        {
            MapBytes += peer.IsListable ? membership.Swarm.List(membership) : membership.Swarm.Unlist(membership);
        }
    }

    /// <summary>True when there is memory for so many bytes of chunk maps more.</summary>
    internal bool HasRoomFor(long bytes) => bytes <= 0 || MapBytes + bytes <= options.Limits.ChunkMapBytes;

    internal void SetHeld(Membership membership, HeldSegment[] held)
    {
        MapBytes += HeldSegments.Bytes(held) - HeldSegments.Bytes(membership.Held);
        MapBytes += membership.Swarm.Replace(membership, held);
    }

    /// <summary>Ends what is over: peers silent for too long, memberships with an end, swarms empty for long.</summary>
    /// <param name="now">The registry's time.</param>
    /// <param name="max">At most so many of each, so that the lock is not held for long.</param>
    /// <returns>True when there may be more.</returns>
    internal bool Expire(long now, int max)
    {
        var rest = max;
        while (rest > 0 && _order.Oldest is { } peer && !IsAlive(peer, now))
        {
            Remove(peer, peer.LastSeen + _timeout);
            ExpiredPeers++;
            rest--;
        }

        while (rest > 0 && _ending.TryPeek(out var membership) && membership!.ExpiresAt <= now)
        {
            Leave(membership, membership.ExpiresAt);
            rest--;
        }

        while (rest > 0 && _empty.First is { } node && now - node.Value.EmptySince >= _retention)
        {
            Forget(node.Value);
            rest--;
        }

        return rest == 0;
    }

    private void Forget(Swarm swarm)
    {
        _empty.Remove(swarm.EmptyNode!);
        swarm.EmptyNode = null;
        _swarms.Remove(swarm.Id);
    }

    private void WriteHistory(Peer peer, Membership? ended)
    {
        var origin = time.GetUtcNow() - time.GetElapsedTime(_started);
        History.Update(
            peer, origin + TimeSpan.FromMilliseconds(peer.FirstSeen), origin + TimeSpan.FromMilliseconds(peer.LastSeen), ended);
    }
}
