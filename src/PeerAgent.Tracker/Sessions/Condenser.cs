using Ppsp.Protocol.Chunks;

namespace PeerAgent.Tracker.Sessions;

/// <summary>
/// Makes fewer maps of many. Neighbours are merged first, the nearest ones first, which loses nothing: what lies between
/// them is not held. Where that is not enough, the maps that hold most are kept.
/// </summary>
internal static class Condenser
{
    /// <summary>Most maps that are looked at; of more, those that hold most.</summary>
    public const int MaxMaps = 1024;

    /// <summary>The maps, ascending, at most <paramref name="most"/> of them.</summary>
    /// <param name="maps">What is held.</param>
    /// <param name="most">Most maps, 1 or more.</param>
    /// <param name="room">Most bytes in all.</param>
    /// <param name="bytes">How much room a map takes.</param>
    public static IReadOnlyList<ChunkMap> Condense(
        IReadOnlyList<ChunkMap> maps, int most, long room, Func<ChunkMap, long> bytes)
    {
        var groups = Fullest(maps).Take(MaxMaps).OrderBy(m => m.From).Select(m => new Group(m.From, m.To, [m])).ToList();
        while (groups.Count > most && Nearest(groups) is { } first)
        {
            groups[first] = groups[first].With(groups[first + 1]);
            groups.RemoveAt(first + 1);
        }

        var kept = new List<ChunkMap>(most);
        foreach (var map in Fullest(groups.Select(g => g.ToMap())))
        {
            room -= bytes(map);
            if (room < 0 || kept.Count == most)
            {
                break;
            }

            kept.Add(map);
        }

        return [.. kept.OrderBy(m => m.From)];
    }

    private static IEnumerable<ChunkMap> Fullest(IEnumerable<ChunkMap> maps) => maps.OrderByDescending(m => m.Count);

    /// <summary>The first of the two neighbours that are nearest to each other and fit into one map; null = none do.</summary>
    private static int? Nearest(List<Group> groups)
    {
        int? best = null;
        var nearest = long.MaxValue;
        for (var i = 0; i + 1 < groups.Count; i++)
        {
            var gap = groups[i + 1].From - groups[i].To;
            if (gap < nearest && Math.Max(groups[i].To, groups[i + 1].To) - groups[i].From < ChunkMap.MaxLength)
            {
                (best, nearest) = (i, gap);
            }
        }

        return best;
    }

    /// <summary>Maps that become one.</summary>
    private readonly record struct Group(long From, long To, IReadOnlyList<ChunkMap> Maps)
    {
        public Group With(Group next) => new(From, Math.Max(To, next.To), [.. Maps, .. next.Maps]);

        public ChunkMap ToMap()
        {
            if (Maps.Count == 1)
            {
                return Maps[0];
            }

            var builder = new ChunkMapBuilder(From, (int)(To - From + 1));
            foreach (var index in Maps.SelectMany(m => m.Held()))
            {
                builder.Add(index);
            }

            return builder.ToChunkMap();
        }
    }
}
