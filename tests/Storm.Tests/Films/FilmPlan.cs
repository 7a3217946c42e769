namespace Storm.Tests.Films;

/// <summary>What a film is to be like.</summary>
/// <param name="Levels">Number of levels.</param>
/// <param name="Count">Chunks a level.</param>
/// <param name="Smallest">Bytes of a chunk at least.</param>
/// <param name="Largest">Bytes of a chunk at most.</param>
internal sealed record FilmPlan(int Levels, int Count, int Smallest, int Largest)
{
    /// <summary>So many chunks of each level have a digest in the manifest.</summary>
    public int Hashed { get; init; }

    /// <summary>The digests stand in lists beside the chunks rather than in the manifest.</summary>
    public bool IsListed { get; init; }

    /// <summary>Its chunks are for our own players only.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Ports of its origins, the best first.</summary>
    public IReadOnlyList<int> Origins { get; init; } = [];

    /// <summary>How much longer than usual a chunk may take; infinite when nothing is promised.</summary>
    public double Patience { get; init; } = 1;

    /// <summary>How long a chunk plays.</summary>
    public TimeSpan ChunkPlays { get; init; } = TimeSpan.FromMilliseconds(800);
}
