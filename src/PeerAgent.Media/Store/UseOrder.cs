namespace PeerAgent.Media.Store;

/// <summary>
/// A budget in bytes and the chunks that use it, in the order of their last use; chunks that are kept whatever happens
/// stand apart. Not safe by itself; the store's lock guards it.
/// </summary>
internal sealed class UseOrder(long budget, Func<ChunkEntry, LinkedListNode<ChunkEntry>> nodeOf)
{
    private readonly LinkedList<ChunkEntry> _order = new();
    private readonly LinkedList<ChunkEntry> _kept = new();
    private long _reserved;
    private long _keptBytes;
    private long _bytes;

    /// <summary>Bytes in use, promised ones included.</summary>
    internal long Bytes => _bytes + _reserved;

    /// <summary>
    /// Makes room by taking out what was not used for longest, then promises it. False when it cannot be done; then
    /// nothing is taken out.
    /// </summary>
    /// <param name="length">Bytes wanted.</param>
    /// <param name="remove">Takes an entry out, by calling <see cref="Remove"/>.</param>
    internal bool TryReserve(long length, Action<ChunkEntry> remove)
    {
        if (length > budget - _reserved - _keptBytes)
        {
            return false;
        }

        while (Bytes + length > budget)
        {
            remove(_order.First!.Value);
        }

        _reserved += length;
        return true;
    }

    /// <summary>Gives a promise back.</summary>
    internal void Release(long length) => _reserved -= length;

    /// <summary>Adds an entry as the one used last; what was promised for it must be released.</summary>
    internal void Add(ChunkEntry entry, bool isKept)
    {
        _bytes += entry.Length;
        Append(entry, isKept);
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

    /// <summary>Says whether an entry may be taken out from now on; it counts as used now.</summary>
    internal void SetKept(ChunkEntry entry, bool isKept)
    {
        if (Detach(entry))
        {
            Append(entry, isKept);
        }
    }

    /// <summary>Takes an entry out, if it is in.</summary>
    internal void Remove(ChunkEntry entry)
    {
        if (Detach(entry))
        {
            _bytes -= entry.Length;
        }
    }

    private void Append(ChunkEntry entry, bool isKept)
    {
        (isKept ? _kept : _order).AddLast(nodeOf(entry));
        _keptBytes += isKept ? entry.Length : 0;
    }

    private bool Detach(ChunkEntry entry)
    {
        var node = nodeOf(entry);
        if (node.List is not { } list)
        {
            return false;
        }

        list.Remove(node);
        _keptBytes -= list == _kept ? entry.Length : 0;
        return true;
    }
}
