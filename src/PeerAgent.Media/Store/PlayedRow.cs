using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Store;

/// <summary>The chunks of one component of a stream that is played, all levels, in the order of the timeline. Guarded by the store's lock.</summary>
internal sealed class PlayedRow
{
    private readonly SortedSet<Place> _chunks;
    private readonly string _clip;
    private readonly string _type;
    private readonly bool _isInitial;

    internal PlayedRow(StreamChunks owner, string clip, string type, IEnumerable<ChunkEntry> chunks)
    {
        Owner = owner;
        var level = new LevelId(clip, type, 0);

        // Hash lists are needed all along, like initialisation chunks.
        _isInitial = LevelRoles.Of(level, out _type) != LevelRole.Media;
        _clip = clip;
        _chunks = new SortedSet<Place>(chunks.Select(Place.Of));
    }

    internal StreamChunks Owner { get; }

    internal int Count => _chunks.Count;

    internal IEnumerable<ChunkEntry> Entries => _chunks.Select(p => p.Entry!);

    internal bool Add(ChunkEntry entry) => _chunks.Add(Place.Of(entry));

    /// <summary>Takes out this very entry; false when it is not in.</summary>
    internal bool Remove(ChunkEntry entry) =>
        _chunks.TryGetValue(Place.Of(entry), out var there) && there.Entry == entry && _chunks.Remove(there);

    /// <summary>The chunk of the row that is missed least. The row is not empty.</summary>
    internal Evictable Worst()
    {
        var first = _chunks.Min;
        var players = Owner.Positions is { } positions ? positions.Of(_clip, _type) : default;
        if (players.IsEmpty)
        {
            return new Evictable(EvictionClass.Elsewhere, 0, first.Entry!);
        }

        if (_isInitial)
        {
            return new Evictable(EvictionClass.Initial, 0, first.Entry!);
        }

        return first.Index < players[0]
            ? new Evictable(EvictionClass.Behind, players[0] - first.Index, first.Entry!)
            : FarthestAhead(players);
    }

    /// <summary>The chunk that lies farthest ahead of the player who comes to it next.</summary>
    private Evictable FarthestAhead(ReadOnlySpan<long> players)
    {
        Evictable? worst = null;
        for (var i = 0; i < players.Length; i++)
        {
            var end = i + 1 < players.Length ? players[i + 1] - 1 : long.MaxValue;
            if (_chunks.GetViewBetween(new Place(players[i], int.MinValue, null), new Place(end, int.MaxValue, null)).Max is { Entry: { } last } place)
            {
                var distance = place.Index - players[i];
                var found = new Evictable(distance > StreamChunks.NearChunks ? EvictionClass.Ahead : EvictionClass.Near, distance, last);
                worst = worst is { } known && !found.GoesBefore(known) ? known : found;
            }
        }

        return worst ?? new Evictable(EvictionClass.Elsewhere, 0, _chunks.Min.Entry!);
    }

    private readonly record struct Place(long Index, int Level, ChunkEntry? Entry) : IComparable<Place>
    {
        public int CompareTo(Place other) => Index != other.Index ? Index.CompareTo(other.Index) : Level.CompareTo(other.Level);

        internal static Place Of(ChunkEntry entry) => new(entry.Chunk.Index, entry.Chunk.Level.Level, entry);
    }
}
