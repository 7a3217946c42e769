using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Streams;

/// <summary>A contiguous range of chunks of one level.</summary>
/// <param name="Level">The level.</param>
/// <param name="From">Number of the first chunk.</param>
/// <param name="Count">Number of chunks.</param>
public sealed record LevelRange(LevelId Level, long From, int Count);
