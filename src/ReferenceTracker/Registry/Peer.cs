using Ppsp.Protocol.Ids;

namespace ReferenceTracker.Registry;

/// <summary>A registered peer. Lean on purpose: there may be a million. Guarded by the registry's lock.</summary>
internal sealed class Peer(PeerId id, UserId? user, long now)
{
    /// <summary>Retried requests are recognised for two minutes.</summary>
    internal const long ReplayMilliseconds = 120_000;

    private ulong _latestRequest;
    private ulong _earlierRequest;
    private uint _latestAt;
    private uint _earlierAt;

    internal PeerId Id { get; } = id;

    /// <summary>Who registered it; no user is a user too.</summary>
    internal UserId? User { get; } = user;

    /// <summary>Where it can be reached, best first; empty = it is not listed.</summary>
    internal CompactAddress[] Addresses { get; set; } = [];

    /// <summary>Where its CONNECT came from.</summary>
    internal CompactAddress Observed { get; set; }

    internal long FirstSeen { get; } = now;

    internal long LastSeen { get; set; } = now;

    /// <summary>Neighbours in the order of <see cref="LastSeen"/>.</summary>
    internal Peer? Older { get; set; }

    internal Peer? Newer { get; set; }

    /// <summary>Head of the chain through <see cref="Membership.NextOfPeer"/>.</summary>
    internal Membership? Memberships { get; set; }

    internal int MembershipCount { get; set; }

    internal bool IsListable => Addresses.Length > 0;

    /// <summary>True when the request with this fingerprint was answered OK within the last two minutes and is one of the last two.</summary>
    internal bool HasAnswered(ulong fingerprint, long now) =>
        (fingerprint == _latestRequest && now - (_latestAt * 1000L) <= ReplayMilliseconds && _latestAt != 0)
        || (fingerprint == _earlierRequest && now - (_earlierAt * 1000L) <= ReplayMilliseconds && _earlierAt != 0);

    internal void Remember(ulong fingerprint, long now)
    {
        (_earlierRequest, _earlierAt) = (_latestRequest, _latestAt);
        (_latestRequest, _latestAt) = (fingerprint, (uint)Math.Max(1, now / 1000));
    }

    internal Membership? Find(Swarm swarm)
    {
        var membership = Memberships;
        while (membership is not null && membership.Swarm != swarm)
        {
            membership = membership.NextOfPeer;
        }

        return membership;
    }

    internal void Add(Membership membership)
    {
        membership.NextOfPeer = Memberships;
        Memberships = membership;
        MembershipCount++;
    }

    internal void Remove(Membership membership)
    {
        if (Memberships == membership)
        {
            Memberships = membership.NextOfPeer;
        }
        else
        {
            var before = Memberships!;
            while (before.NextOfPeer != membership)
            {
                before = before.NextOfPeer!;
            }

            before.NextOfPeer = membership.NextOfPeer;
        }

        membership.NextOfPeer = null;
        MembershipCount--;
    }
}
