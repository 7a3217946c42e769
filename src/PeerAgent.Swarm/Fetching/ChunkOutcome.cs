using PeerAgent.Media.Store;

namespace PeerAgent.Swarm.Fetching;

/// <summary>How asking for a chunk ended. The closed family stands in this file.</summary>
public abstract record ChunkOutcome
{
    private protected ChunkOutcome()
    {
    }

    /// <summary>The chunk is here, whole and, where the manifest has hashes, verified.</summary>
    /// <param name="Chunk">The chunk; the caller disposes it.</param>
    public sealed record Held(StoredChunk Chunk) : ChunkOutcome;

    /// <summary>The chunk is arriving, in a stream whose manifest has no hash for it.</summary>
    /// <param name="Chunk">The chunk; the caller disposes it.</param>
    public sealed record Arriving(ChunkArrival Chunk) : ChunkOutcome;

    /// <summary>The stream has no such chunk.</summary>
    public sealed record NotInStream : ChunkOutcome;

    /// <summary>Nobody was known to have it until the deadline, so nobody was asked.</summary>
    /// <param name="Reason">One sentence for people.</param>
    public sealed record NotFound(string Reason) : ChunkOutcome;

    /// <summary>Somebody was asked, but it was not here by the deadline.</summary>
    /// <param name="Reason">One sentence for people: who was asked and what came of it.</param>
    public sealed record TimedOut(string Reason) : ChunkOutcome;

    /// <summary>The stream was closed meanwhile.</summary>
    public sealed record Closed : ChunkOutcome;
}
