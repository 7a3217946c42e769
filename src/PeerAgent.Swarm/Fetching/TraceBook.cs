using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Fetching;

/// <summary>The latest fetches of a stream and what was done in them. Bounded; safe for concurrent use.</summary>
internal sealed class TraceBook(Clock clock)
{
    /// <summary>Most fetches remembered.</summary>
    public const int MaxTraces = 256;

    private readonly Lock _gate = new();
    private readonly LinkedList<ChunkTrace> _order = new();
    private readonly Dictionary<ChunkId, LinkedListNode<ChunkTrace>> _byChunk = [];

    /// <summary>A fetch begins.</summary>
    public ChunkTrace Begin(ChunkId chunk)
    {
        var trace = new ChunkTrace(chunk, clock);
        lock (_gate)
        {
            if (_byChunk.Remove(chunk, out var earlier))
            {
                _order.Remove(earlier);
            }

            if (_order.Count >= MaxTraces && _order.First is { } oldest)
            {
                _order.RemoveFirst();
                _byChunk.Remove(oldest.Value.Chunk);
            }

            _byChunk[chunk] = _order.AddLast(trace);
        }

        return trace;
    }

    /// <summary>The latest fetch of a chunk, or null.</summary>
    public ChunkTrace? Find(ChunkId chunk)
    {
        lock (_gate)
        {
            return _byChunk.TryGetValue(chunk, out var node) ? node.Value : null;
        }
    }
}
