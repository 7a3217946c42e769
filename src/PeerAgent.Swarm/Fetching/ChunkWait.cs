namespace PeerAgent.Swarm.Fetching;

/// <summary>Somebody waits for a chunk. Times are those of the stream's clock.</summary>
/// <param name="Until">When the wait ends.</param>
/// <param name="Due">When whoever waits runs dry, as far as one can tell.</param>
/// <param name="Latest">When it should be here: it is due then, or a player would take the line for slow.</param>
internal readonly record struct ChunkWait(TimeSpan Until, TimeSpan Due, TimeSpan Latest);
