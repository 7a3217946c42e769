namespace PeerAgent.Media.Store;

/// <summary>All places at which a stream is played. Immutable.</summary>
internal sealed class PlayPositions
{
    private readonly Dictionary<(string Clip, string Type), long[]> _places;

    internal PlayPositions(IEnumerable<PlayPosition> positions)
    {
        _places = positions
            .GroupBy(p => (p.Clip, p.Type), p => p.Index)
            .ToDictionary(g => g.Key, g => g.Distinct().Order().ToArray());
    }

    /// <summary>The places in one component, in ascending order; empty when nobody plays it.</summary>
    internal ReadOnlySpan<long> Of(string clip, string type) => _places.GetValueOrDefault((clip, type));
}
