using PeerAgent.Media.Store;
using PeerAgent.Swarm.Swarms;
using PeerAgent.Tracker.Sessions;

namespace PeerAgent.Streams;

/// <summary>A stream that somebody plays or that is seeded: what is held of it, our part in its swarm, its membership at the trackers.</summary>
public sealed class ActiveStream
{
    internal ActiveStream(StreamChunks chunks, SwarmStream swarm, SwarmMembership membership)
    {
        Chunks = chunks;
        Swarm = swarm;
        Membership = membership;
    }

    /// <summary>What is held.</summary>
    public StreamChunks Chunks { get; }

    /// <summary>Where chunks come from.</summary>
    public SwarmStream Swarm { get; }

    /// <summary>Being known.</summary>
    public SwarmMembership Membership { get; }
}
