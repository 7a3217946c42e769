namespace ReferenceTracker.Registry;

/// <summary>Who holds each of 64 neighbouring chunks: a tree that grows with the swarm.</summary>
internal sealed class HolderPage
{
    /// <summary>Roughly what an empty page takes in memory.</summary>
    internal const int BaseBytes = 100 + HolderNode.LeafBytes;

    private HolderNode _root = new(isLeaf: true);
    private int _height;

    internal bool IsEmpty => _root.IsEmpty;

    /// <summary>What an inner level too many still takes when the page is given up.</summary>
    internal int RootBytes => _height == 0 ? 0 : HolderNode.InnerBytes - HolderNode.LeafBytes;

    private int RootSize => _height == 0 ? HolderNode.LeafBytes : HolderNode.InnerBytes;

    internal int Set(int slot, int member)
    {
        var bytes = 0;
        while (member >> ((_height + 1) * HolderNode.FanBits) != 0)
        {
            bytes += HolderNode.InnerBytes - (_root.IsEmpty ? RootSize : 0);
            _root = _root.IsEmpty ? new HolderNode(isLeaf: false) : HolderNode.Above(_root);
            _height++;
        }

        return bytes + _root.Set(_height, slot, member);
    }

    internal int Clear(int slot, int member) =>
        member >> ((_height + 1) * HolderNode.FanBits) != 0 ? 0 : _root.Clear(_height, slot, member);

    internal int Next(int slot, int start) => _root.Next(_height, slot, start);
}
