using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace Storm.Tests.Players;

/// <summary>Who waits for which chunk: what may be fetched.</summary>
internal sealed class Waiting
{
    private readonly Dictionary<(SwarmId, ChunkId), int> _waiters = [];

    /// <summary>How many waits there are.</summary>
    public int Count => _waiters.Values.Sum();

    public void Begin(SwarmId swarmId, ChunkId chunk) =>
        _waiters[(swarmId, chunk)] = _waiters.GetValueOrDefault((swarmId, chunk)) + 1;

    public void End(SwarmId swarmId, ChunkId chunk)
    {
        if (--_waiters[(swarmId, chunk)] == 0)
        {
            _waiters.Remove((swarmId, chunk));
        }
    }

    public bool ForAny(SwarmId swarmId) => _waiters.Keys.Any(k => k.Item1 == swarmId);

    public bool For(SwarmId swarmId, ChunkId chunk) => _waiters.ContainsKey((swarmId, chunk));
}
