using System.Net;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Storm.Tests.Films;

namespace Storm.Tests.Takers;

/// <summary>What a peer asks for, and how it takes it.</summary>
/// <param name="Film">The film.</param>
/// <param name="Chunk">The chunk.</param>
/// <param name="PeerId">What it calls itself.</param>
/// <param name="Address">Where it is.</param>
internal sealed record TakingPlan(Film Film, ChunkId Chunk, PeerId PeerId, IPAddress Address)
{
    /// <summary>Asks for the chunk alone; else for the draft's envelope with the chunk behind it.</summary>
    public bool IsRaw { get; init; }

    /// <summary>Asks for these bytes only.</summary>
    public (int From, int To)? Range { get; init; }

    /// <summary>How fast it takes.</summary>
    public int BytesPerSecond { get; init; }

    /// <summary>After so many bytes it takes no more, or null.</summary>
    public int? StopsAfter { get; init; }

    /// <summary>When it stops it leaves; else it just falls silent.</summary>
    public bool Leaves { get; init; }
}
