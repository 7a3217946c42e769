using System.Numerics;
using System.Runtime.CompilerServices;

namespace ReferenceTracker.Registry;

/// <summary>
/// A node of the tree that says which members hold each of 64 neighbouring chunks. For each chunk a node has a mask of
/// 64 bits: at height 0 one bit a member, above one bit a child that has any holder. So "the next holder from here on"
/// takes as many steps as the tree is high: four for sixteen million members.
/// </summary>
internal sealed class HolderNode
{
    internal const int Fan = 64;
    internal const int FanBits = 6;

    /// <summary>Roughly what a node takes in memory; children of an inner one come on top.</summary>
    internal const int LeafBytes = 544;

    internal const int InnerBytes = LeafBytes + 536;

    private readonly HolderNode?[]? _children;
    private Masks _masks;
    private int _used;

    internal HolderNode(bool isLeaf) => _children = isLeaf ? null : new HolderNode?[Fan];

    internal bool IsEmpty => _used == 0;

    /// <summary>A parent for a tree that has grown too small.</summary>
    internal static HolderNode Above(HolderNode root)
    {
        var parent = new HolderNode(isLeaf: false);
        parent._children![0] = root;
        for (var slot = 0; slot < Fan; slot++)
        {
            if (root._masks[slot] != 0)
            {
                parent._masks[slot] = 1;
                parent._used++;
            }
        }

        return parent;
    }

    /// <summary>Notes that the member holds the chunk. Idempotent.</summary>
    /// <returns>Memory that was needed for it, in bytes.</returns>
    internal int Set(int height, int slot, int member)
    {
        var shift = height * FanBits;
        var child = member >> shift;
        var bytes = 0;
        if (_children is not null)
        {
            var node = _children[child];
            if (node is null)
            {
                node = _children[child] = new HolderNode(height == 1);
                bytes = height == 1 ? LeafBytes : InnerBytes;
            }

            bytes += node.Set(height - 1, slot, member & ((1 << shift) - 1));
        }

        if (_masks[slot] == 0)
        {
            _used++;
        }

        _masks[slot] |= 1UL << child;
        return bytes;
    }

    /// <summary>Notes that the member does not hold the chunk. Idempotent.</summary>
    /// <returns>Memory that became free, in bytes.</returns>
    internal int Clear(int height, int slot, int member)
    {
        var shift = height * FanBits;
        var child = member >> shift;
        var bit = 1UL << child;
        if ((_masks[slot] & bit) == 0)
        {
            return 0;
        }

        var bytes = 0;
        if (_children?[child] is { } node)
        {
            bytes = node.Clear(height - 1, slot, member & ((1 << shift) - 1));
            if (node._masks[slot] != 0)
            {
                return bytes;
            }

            if (node.IsEmpty)
            {
                _children[child] = null;
                bytes += height == 1 ? LeafBytes : InnerBytes;
            }
        }

        _masks[slot] &= ~bit;
        if (_masks[slot] == 0)
        {
            _used--;
        }

        return bytes;
    }

    /// <summary>The first holder from <paramref name="start"/> on, or -1.</summary>
    internal int Next(int height, int slot, int start)
    {
        var shift = height * FanBits;
        var first = start >> shift;
        if (first >= Fan)
        {
            return -1;
        }

        for (var mask = _masks[slot] & (ulong.MaxValue << first); mask != 0; mask &= mask - 1)
        {
            var child = BitOperations.TrailingZeroCount(mask);
            if (height == 0)
            {
                return child;
            }

            var from = child == first ? start & ((1 << shift) - 1) : 0;
            var found = _children![child]!.Next(height - 1, slot, from);
            if (found >= 0)
            {
                return (child << shift) + found;
            }
        }

        return -1;
    }

    [InlineArray(Fan)]
    private struct Masks
    {
        private ulong _first;
    }
}
