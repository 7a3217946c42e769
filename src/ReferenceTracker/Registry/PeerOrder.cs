namespace ReferenceTracker.Registry;

/// <summary>All peers in the order in which they were last heard of: who is silent for too long stands at its head.</summary>
internal sealed class PeerOrder
{
    private Peer? _newest;

    internal Peer? Oldest { get; private set; }

    internal void Append(Peer peer)
    {
        peer.Older = _newest;
        peer.Newer = null;
        if (_newest is null)
        {
            Oldest = peer;
        }
        else
        {
            _newest.Newer = peer;
        }

        _newest = peer;
    }

    internal void Remove(Peer peer)
    {
        if (peer.Older is null)
        {
            Oldest = peer.Newer;
        }
        else
        {
            peer.Older.Newer = peer.Newer;
        }

        if (peer.Newer is null)
        {
            _newest = peer.Older;
        }
        else
        {
            peer.Newer.Older = peer.Older;
        }

        peer.Older = peer.Newer = null;
    }

    internal void MoveToEnd(Peer peer)
    {
        if (peer != _newest)
        {
            Remove(peer);
            Append(peer);
        }
    }
}
