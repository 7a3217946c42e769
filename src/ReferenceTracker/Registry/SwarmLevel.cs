using System.Numerics;
using Ppsp.Protocol.Chunks;

namespace ReferenceTracker.Registry;

/// <summary>A level that members of a swarm have reported, and, in a swarm large enough, the index of who holds which chunk.</summary>
internal sealed class SwarmLevel(LevelId id)
{
    private const int PageBits = 6;
    private const long AnyChunk = -1;

    private Dictionary<long, HolderPage>? _pages;

    internal LevelId Id { get; } = id;

    /// <summary>Segments of members that refer to it; without any the swarm forgets it.</summary>
    internal int References { get; set; }

    internal void DropIndex() => _pages = null;

    /// <summary>Notes what a member holds.</summary>
    /// <returns>Memory that was needed, in bytes.</returns>
    internal int Add(int member, ChunkMap map)
    {
        var bytes = map.Count > 0 ? Set(AnyChunk, 0, member) : 0;
        for (var i = 0; i < map.Bits.Length; i++)
        {
            bytes += Apply(member, map.From + (i * 8L), map.Bits[i], set: true);
        }

        return bytes;
    }

    /// <summary>Forgets what a member held.</summary>
    /// <returns>Memory that was needed, in bytes: never more than 0.</returns>
    internal int Remove(int member, ChunkMap map)
    {
        var bytes = Clear(AnyChunk, 0, member);
        for (var i = 0; i < map.Bits.Length; i++)
        {
            bytes += Apply(member, map.From + (i * 8L), map.Bits[i], set: false);
        }

        return bytes;
    }

    /// <summary>Goes from one map of a level to the next one of the same range: the usual report changes a few bits.</summary>
    /// <returns>Memory that was needed, in bytes.</returns>
    internal int Change(int member, ChunkMap old, ChunkMap now)
    {
        var bytes = 0;
        for (var i = 0; i < Math.Max(old.Bits.Length, now.Bits.Length); i++)
        {
            var before = i < old.Bits.Length ? old.Bits[i] : (byte)0;
            var after = i < now.Bits.Length ? now.Bits[i] : (byte)0;
            bytes += Apply(member, old.From + (i * 8L), (byte)(after & ~before), set: true);
            bytes += Apply(member, old.From + (i * 8L), (byte)(before & ~after), set: false);
        }

        return bytes + (now.Count > 0 ? Set(AnyChunk, 0, member) : Clear(AnyChunk, 0, member));
    }

    /// <summary>The first holder of the chunk from <paramref name="start"/> on, or -1.</summary>
    /// <param name="chunk">Its number; null asks for holders of anything of the level.</param>
    /// <param name="start">Place among the listed members.</param>
    internal int Next(long? chunk, int start)
    {
        var (page, slot) = Place(chunk);
        return _pages is not null && _pages.TryGetValue(page, out var holders) ? holders.Next(slot, start) : -1;
    }

    private static (long Page, int Slot) Place(long? chunk) =>
        chunk is { } number ? (number >> PageBits, (int)(number & 63)) : (AnyChunk, 0);

    private int Apply(int member, long first, byte bits, bool set)
    {
        var bytes = 0;
        for (var rest = (uint)bits << 24; rest != 0;)
        {
            var bit = BitOperations.LeadingZeroCount(rest);
            rest &= ~(0x8000_0000u >> bit);
            var (page, slot) = Place(first + bit);
            bytes += set ? Set(page, slot, member) : Clear(page, slot, member);
        }

        return bytes;
    }

    private int Set(long page, int slot, int member)
    {
        _pages ??= [];
        var bytes = 0;
        if (!_pages.TryGetValue(page, out var holders))
        {
            _pages.Add(page, holders = new HolderPage());
            bytes = HolderPage.BaseBytes;
        }

        return bytes + holders.Set(slot, member);
    }

    private int Clear(long page, int slot, int member)
    {
        if (_pages is null || !_pages.TryGetValue(page, out var holders))
        {
            return 0;
        }

        var bytes = holders.Clear(slot, member);
        if (holders.IsEmpty)
        {
            _pages.Remove(page);
            bytes += HolderPage.BaseBytes + holders.RootBytes;
        }

        return -bytes;
    }
}
