namespace PeerAgent.Media.Streams;

/// <summary>The chunks of one kind in a clip (<c>ChunkSegments</c>).</summary>
/// <param name="Type">Kind in lower case, for example <c>video</c> or <c>audio</c>.</param>
/// <param name="Segments">The ranges, ascending, without overlap, at least one.</param>
public sealed record Component(string Type, IReadOnlyList<Segment> Segments)
{
    /// <summary>Most levels of any range.</summary>
    public int Levels => Segments.Max(s => s.Levels);

    /// <summary>The range that holds the chunk, or null.</summary>
    public Segment? Find(long index)
    {
        for (var i = 0; i < Segments.Count; i++)
        {
            if (Segments[i].Contains(index))
            {
                return Segments[i];
            }
        }

        return null;
    }
}
