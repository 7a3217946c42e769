using Ppsp.Protocol.Ids;

namespace ReferenceTracker.Registry;

/// <summary>Fingerprints of the DISCONNECTs of the last two minutes, so that a retried one is answered as the first was.</summary>
internal sealed class DepartedPeers
{
    private const int Capacity = 1 << 16;

    private readonly Dictionary<PeerId, (ulong Fingerprint, long At)> _departed = [];
    private readonly Queue<(PeerId Id, long At)> _order = new();

    internal void Add(PeerId id, ulong fingerprint, long now)
    {
        Forget(now);
        _departed[id] = (fingerprint, now);
        _order.Enqueue((id, now));
    }

    internal bool HasAnswered(PeerId id, ulong fingerprint, long now) =>
        _departed.TryGetValue(id, out var last)
        && last.Fingerprint == fingerprint
        && now - last.At <= Peer.ReplayMilliseconds;

    private void Forget(long now)
    {
        while (_order.TryPeek(out var oldest) && (_order.Count >= Capacity || now - oldest.At > Peer.ReplayMilliseconds))
        {
            _order.Dequeue();
            if (_departed.TryGetValue(oldest.Id, out var last) && last.At == oldest.At)
            {
                _departed.Remove(oldest.Id);
            }
        }
    }
}
