using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Sessions;

/// <summary>
/// The part of this peer that takes part in one swarm. Its members are called by the session's loop, one at a time, and
/// must return at once; what they throw is logged and counts as no news.
/// </summary>
public interface ISwarmMember
{
    /// <summary>The swarm; never changes.</summary>
    SwarmId SwarmId { get; }

    /// <summary>False for a peer that looks for nobody, such as a seeder: then FIND_PEER is not sent.</summary>
    bool WantsPeers { get; }

    /// <summary>How many of the peers that were found can be used. Few of them lead to another FIND_PEER.</summary>
    int UsablePeers { get; }

    /// <summary>What this peer holds and has moved, as it is now.</summary>
    SwarmReport GetReport();

    /// <summary>A tracker named these peers; this peer is not among them. May be empty.</summary>
    void PeersFound(IReadOnlyList<PeerInfo> peers);
}
