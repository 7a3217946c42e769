using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Messages;

namespace ReferenceTracker.Registry;

/// <summary>How a report and what was known before become what a member holds.</summary>
internal static class HeldSegments
{
    /// <summary>Most segments kept of one member in one swarm, over all its reports.</summary>
    internal const int MaxSegments = 256;

    /// <summary>
    /// A report replaces the levels that it names and leaves the others; one without any level says that nothing is held.
    /// What goes beyond the limits is passed over.
    /// </summary>
    /// <param name="swarm">Whose levels the segments refer to.</param>
    /// <param name="old">What was known.</param>
    /// <param name="report">What the message says about this swarm.</param>
    /// <param name="maxChunks">Most chunks held that are kept.</param>
    /// <param name="passedOver">True when something was.</param>
    internal static HeldSegment[] Merge(
        Swarm swarm, HeldSegment[] old, IReadOnlyList<LevelMap> report, long maxChunks, out bool passedOver)
    {
        passedOver = false;
        if (report.Count == 0)
        {
            return [];
        }

        var held = new List<HeldSegment>(report.Count);
        long chunks = 0;
        foreach (var segment in old)
        {
            if (!Names(report, segment.Level.Id))
            {
                held.Add(segment);
                chunks += segment.Map.Count;
            }
        }

        foreach (var level in report)
        {
            foreach (var map in level.Segments)
            {
                if (held.Count >= MaxSegments || chunks + map.Count > maxChunks)
                {
                    passedOver = true;
                    continue;
                }

                held.Add(new HeldSegment(swarm.Level(level.Level), map));
                chunks += map.Count;
            }
        }

        var merged = held.ToArray();
        if (merged.Length > 1)
        {
            Array.Sort(merged, Compare);
        }

        return merged;
    }

    /// <summary>True when every level is held from its first to its last chunk.</summary>
    /// <param name="held">Segments in the order of <see cref="Merge"/>.</param>
    internal static bool HasNoGap(ReadOnlySpan<HeldSegment> held)
    {
        for (var i = 0; i < held.Length; i++)
        {
            if (!held[i].Map.IsComplete
                || (i > 0 && held[i].Level == held[i - 1].Level && held[i].Map.From > held[i - 1].Map.To + 1))
            {
                return false;
            }
        }

        return held.Length > 0;
    }

    internal static bool Contains(ReadOnlySpan<HeldSegment> held, SwarmLevel level, long? chunk)
    {
        foreach (var segment in held)
        {
            if (segment.Level == level && (chunk is { } number ? segment.Map.Contains(number) : segment.Map.Count > 0))
            {
                return true;
            }
        }

        return false;
    }

    internal static long Bytes(ReadOnlySpan<HeldSegment> held)
    {
        long bytes = 0;
        foreach (var segment in held)
        {
            bytes += segment.Bytes;
        }

        return bytes;
    }

    /// <summary>What a report would need at most.</summary>
    internal static long Bytes(ReportRequest report)
    {
        long bytes = 0;
        foreach (var swarm in report.ChunkMaps)
        {
            foreach (var level in swarm.Levels)
            {
                foreach (var map in level.Segments)
                {
                    bytes += HeldSegment.BytesOf(map);
                }
            }
        }

        return bytes;
    }

    private static bool Names(IReadOnlyList<LevelMap> report, LevelId id)
    {
        foreach (var level in report)
        {
            if (level.Level == id)
            {
                return true;
            }
        }

        return false;
    }

    private static int Compare(HeldSegment one, HeldSegment other)
    {
        var order = string.CompareOrdinal(one.Level.Id.Clip, other.Level.Id.Clip);
        order = order != 0 ? order : string.CompareOrdinal(one.Level.Id.Type, other.Level.Id.Type);
        order = order != 0 ? order : one.Level.Id.Level.CompareTo(other.Level.Id.Level);
        return order != 0 ? order : one.Map.From.CompareTo(other.Map.From);
    }
}
