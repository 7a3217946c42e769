using Ppsp.Protocol.Chunks;

namespace ReferenceTracker.Registry;

/// <summary>A contiguous range of one level and what a member holds of it.</summary>
/// <param name="Level">The level, shared by all members of the swarm.</param>
/// <param name="Map">The bits.</param>
internal readonly record struct HeldSegment(SwarmLevel Level, ChunkMap Map)
{
    /// <summary>Roughly what it takes in memory.</summary>
    internal int Bytes => BytesOf(Map);

    internal static int BytesOf(ChunkMap map) => 80 + map.Bits.Length;
}
