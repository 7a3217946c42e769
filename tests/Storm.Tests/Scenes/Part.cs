using PeerAgent.Media.Store;
using PeerAgent.Swarm.Swarms;
using Storm.Tests.Films;
using Storm.Tests.Network;

namespace Storm.Tests.Scenes;

/// <summary>The agent's part in one film's swarm, from opening it until closing it.</summary>
internal sealed record Part(Film Film, StreamChunks Chunks, SwarmStream Stream, FarTracker Tracker, TimeSpan Since)
{
    /// <summary>Set when closing begins.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Peers that delivered a lie and were found banned.</summary>
    public HashSet<int> Banned { get; } = [];
}
