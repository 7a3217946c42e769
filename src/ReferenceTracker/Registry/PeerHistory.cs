using Ppsp.Protocol.Ids;

namespace ReferenceTracker.Registry;

/// <summary>The history records, so many and no more: the one not written for longest makes room.</summary>
/// <param name="capacity">Most records, 0 = none.</param>
internal sealed class PeerHistory(int capacity)
{
    private readonly Dictionary<PeerId, LinkedListNode<HistoryRecord>> _records = [];
    private readonly LinkedList<HistoryRecord> _order = new();

    internal int Count => _records.Count;

    internal HistoryRecord? Find(PeerId id) => _records.GetValueOrDefault(id)?.Value;

    /// <summary>Notes that a peer was there until now and, maybe, that a membership of it has ended.</summary>
    internal void Update(Peer peer, DateTimeOffset firstSeen, DateTimeOffset lastSeen, Membership? ended)
    {
        if (capacity == 0)
        {
            return;
        }

        if (_records.TryGetValue(peer.Id, out var node))
        {
            _order.Remove(node);
        }
        else
        {
            if (_records.Count >= capacity)
            {
                _records.Remove(_order.First!.Value.PeerId);
                _order.RemoveFirst();
            }

            node = new LinkedListNode<HistoryRecord>(new HistoryRecord(peer.Id, firstSeen, lastSeen, 0, 0, 0));
            _records.Add(peer.Id, node);
        }

        var old = node.Value;
        node.Value = old with
        {
            LastSeen = lastSeen,
            Swarms = old.Swarms + (ended is null ? 0 : 1),
            UploadedBytes = Add(old.UploadedBytes, ended?.Uploaded ?? 0),
            DownloadedBytes = Add(old.DownloadedBytes, ended?.Downloaded ?? 0),
        };
        _order.AddLast(node);
    }

    /// <summary>Peers report what they like; a sum stops at the largest number.</summary>
    private static long Add(long sum, long more) => more > long.MaxValue - sum ? long.MaxValue : sum + more;
}
