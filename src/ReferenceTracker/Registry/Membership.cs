namespace ReferenceTracker.Registry;

/// <summary>A peer in a swarm, with what it holds there. Guarded by the registry's lock.</summary>
internal sealed class Membership(Peer peer, Swarm swarm)
{
    internal const long Never = long.MaxValue;

    internal Peer Peer { get; } = peer;

    internal Swarm Swarm { get; } = swarm;

    internal Membership? NextOfPeer { get; set; }

    /// <summary>What it holds, one entry a segment, those of a level together.</summary>
    internal HeldSegment[] Held { get; set; } = [];

    /// <summary>When it ends by itself, in the registry's milliseconds, or <see cref="Never"/>.</summary>
    internal long ExpiresAt { get; set; } = Never;

    internal long Uploaded { get; set; }

    internal long Downloaded { get; set; }

    /// <summary>Place among the swarm's listed members, -1 = not listed.</summary>
    internal int Index { get; set; } = -1;

    /// <summary>Place in the queue of memberships that end by themselves, -1 = not there.</summary>
    internal int QueueIndex { get; set; } = -1;

    /// <summary>The last selection it was a candidate of.</summary>
    internal uint Mark { get; set; }

    /// <summary>Its own report has no gap.</summary>
    internal bool IsSeed { get; set; }
}
