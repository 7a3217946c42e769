namespace PeerAgent.Media.Store;

/// <summary>A chunk that may go, and how little it will be missed.</summary>
/// <param name="Class">Why it may go.</param>
/// <param name="Distance">How far from the player it lies, in chunks.</param>
/// <param name="Entry">The chunk.</param>
internal readonly record struct Evictable(EvictionClass Class, long Distance, ChunkEntry Entry)
{
    internal bool GoesBefore(Evictable other) => Class < other.Class || (Class == other.Class && Distance > other.Distance);
}
