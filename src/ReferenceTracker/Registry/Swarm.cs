using System.Runtime.InteropServices;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace ReferenceTracker.Registry;

/// <summary>
/// A swarm: its listed members in a dense array, so that a random one costs the same in any swarm, and its levels. From
/// <see cref="IndexedFrom"/> listed members on each level has an index of holders; below, looking at all of them is
/// cheaper. Guarded by the registry's lock.
/// </summary>
internal sealed class Swarm(SwarmId id)
{
    internal const int IndexedFrom = 129;
    private const int IndexedDownTo = 64;

    private readonly List<Membership> _listed = [];
    private readonly Dictionary<LevelId, SwarmLevel> _levels = [];
    private long _indexBytes;

    internal SwarmId Id { get; } = id;

    /// <summary>Members, whether listed or not.</summary>
    internal int Count { get; set; }

    /// <summary>Since when it has no members, in the registry's milliseconds.</summary>
    internal long EmptySince { get; set; }

    /// <summary>Place in the queue of empty swarms, null while it has members.</summary>
    internal LinkedListNode<Swarm>? EmptyNode { get; set; }

    internal bool IsIndexed { get; private set; }

    /// <summary>Members that can be reached.</summary>
    internal ReadOnlySpan<Membership> Listed => CollectionsMarshal.AsSpan(_listed);

    internal IReadOnlyCollection<SwarmLevel> Levels => _levels.Values;

    internal SwarmLevel? FindLevel(LevelId id) => _levels.GetValueOrDefault(id);

    /// <summary>Makes the member one that lists may name.</summary>
    /// <returns>Memory that was needed, in bytes.</returns>
    internal long List(Membership member)
    {
        if (member.Index >= 0)
        {
            return 0;
        }

        member.Index = _listed.Count;
        _listed.Add(member);
        if (!IsIndexed && _listed.Count >= IndexedFrom)
        {
            return Index();
        }

        return IsIndexed ? Account(AddToIndex(member)) : 0;
    }

    /// <summary>Makes the member one that no list names; the last one takes its place.</summary>
    /// <returns>Memory that was needed, in bytes.</returns>
    internal long Unlist(Membership member)
    {
        if (member.Index < 0)
        {
            return 0;
        }

        var last = _listed[^1];
        long bytes = RemoveFromIndex(member);
        if (last != member)
        {
            bytes += RemoveFromIndex(last);
            last.Index = member.Index;
            _listed[last.Index] = last;
            bytes += AddToIndex(last);
        }

        member.Index = -1;
        _listed.RemoveAt(_listed.Count - 1);
        if (_listed.Capacity > 64 && _listed.Count < _listed.Capacity / 4)
        {
            _listed.Capacity /= 2;
        }

        bytes = Account(bytes);
        return IsIndexed && _listed.Count <= IndexedDownTo ? bytes + DropIndex() : bytes;
    }

    /// <summary>Puts what a member holds in place of what it held.</summary>
    /// <returns>Memory that was needed, in bytes.</returns>
    internal long Replace(Membership member, HeldSegment[] held)
    {
        var old = member.Held;
        foreach (var segment in held)
        {
            segment.Level.References++;
        }

        var sameLayout = IsIndexed && member.Index >= 0 && IsSameLayout(old, held);
        var bytes = sameLayout ? ChangeIndex(member, held) : RemoveFromIndex(member);
        member.Held = held;
        bytes += sameLayout ? 0 : AddToIndex(member);
        Release(old);
        return Account(bytes);
    }

    /// <summary>The level of that name, made when it is new; only segments that refer to it keep it.</summary>
    internal SwarmLevel Level(LevelId id)
    {
        if (!_levels.TryGetValue(id, out var level))
        {
            _levels.Add(id, level = new SwarmLevel(id));
        }

        return level;
    }

    /// <summary>Forgets levels that nobody refers to.</summary>
    internal void Release(ReadOnlySpan<HeldSegment> segments)
    {
        foreach (var segment in segments)
        {
            if (--segment.Level.References <= 0)
            {
                _levels.Remove(segment.Level.Id);
            }
        }
    }

    private static bool IsSameLayout(HeldSegment[] one, HeldSegment[] other)
    {
        if (one.Length != other.Length)
        {
            return false;
        }

        for (var i = 0; i < one.Length; i++)
        {
            // With two segments of a level one could clear what the other still holds.
            if (one[i].Level != other[i].Level || one[i].Map.From != other[i].Map.From || (i > 0 && one[i].Level == one[i - 1].Level))
            {
                return false;
            }
        }

        return true;
    }

    private static long ChangeIndex(Membership member, HeldSegment[] held)
    {
        long bytes = 0;
        for (var i = 0; i < held.Length; i++)
        {
            bytes += held[i].Level.Change(member.Index, member.Held[i].Map, held[i].Map);
        }

        return bytes;
    }

    private long AddToIndex(Membership member)
    {
        long bytes = 0;
        foreach (var segment in IsIndexed && member.Index >= 0 ? member.Held : [])
        {
            bytes += segment.Level.Add(member.Index, segment.Map);
        }

        return bytes;
    }

    private long RemoveFromIndex(Membership member)
    {
        long bytes = 0;
        foreach (var segment in IsIndexed && member.Index >= 0 ? member.Held : [])
        {
            bytes += segment.Level.Remove(member.Index, segment.Map);
        }

        return bytes;
    }

    private long Index()
    {
        IsIndexed = true;
        long bytes = 0;
        foreach (var member in Listed)
        {
            bytes += AddToIndex(member);
        }

        return Account(bytes);
    }

    private long DropIndex()
    {
        IsIndexed = false;
        foreach (var level in _levels.Values)
        {
            level.DropIndex();
        }

        return Account(-_indexBytes);
    }

    private long Account(long bytes)
    {
        _indexBytes += bytes;
        return bytes;
    }
}
