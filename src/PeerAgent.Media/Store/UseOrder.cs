namespace PeerAgent.Media.Store;

/// <summary>
/// A budget in bytes and the chunks that use it, in the order of their last use. Not safe by itself; the store's lock
/// guards it.
/// </summary>
internal sealed class UseOrder(long budget, Func<ChunkEntry, LinkedListNode<ChunkEntry>> nodeOf)
{
    private readonly LinkedList<ChunkEntry> _order = new();
    private long _reserved;
    private long _bytes;

    /// <summary>Bytes in use, promised ones included.</summary>
    internal long Bytes => _bytes + _reserved;

    /// <summary>Makes room by taking out what was not used for longest, then promises it. False when it cannot be done.</summary>
    /// <param name="length">Bytes wanted.</param>
    /// <param name="mayGo">Whether an entry may be taken out.</param>
    /// <param name="remove">Takes an entry out, by calling <see cref="Remove"/>.</param>
    internal bool TryReserve(long length, Predicate<ChunkEntry> mayGo, Action<ChunkEntry> remove)
    {
        if (length > budget)
        {
            return false;
        }

        var node = _order.First;
        while (Bytes + length > budget && node is not null)
        {
            var next = node.Next;
            if (mayGo(node.Value))
            {
                remove(node.Value);
            }

            node = next;
        }

        if (Bytes + length > budget)
        {
            return false;
        }

        _reserved += length;
        return true;
    }

    /// <summary>Gives a promise back.</summary>
    internal void Release(long length) => _reserved -= length;

    /// <summary>Adds an entry as the one used last; what was promised for it must be released.</summary>
    internal void Add(ChunkEntry entry)
    {
        _order.AddLast(nodeOf(entry));
        _bytes += entry.Length;
    }

    /// <summary>The entry is used now.</summary>
    internal void Touch(ChunkEntry entry)
    {
        var node = nodeOf(entry);
        if (node.List == _order && _order.Last != node)
        {
            _order.Remove(node);
            _order.AddLast(node);
        }
    }

    /// <summary>Takes an entry out, if it is in.</summary>
    internal void Remove(ChunkEntry entry)
    {
        var node = nodeOf(entry);
        if (node.List == _order)
        {
            _order.Remove(node);
            _bytes -= entry.Length;
        }
    }
}
