namespace PeerAgent.Swarm.Upload;

/// <summary>
/// Our own players come first: while one of them waits for a chunk, peers are sent a quarter of the rate through half of
/// the slots. Safe for concurrent use.
/// </summary>
public sealed class OwnPlayers
{
    private readonly Lock _gate = new();
    private int _count;

    /// <summary>How many wait now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Told when the first one begins to wait (true) and when nobody waits any more (false).</summary>
    internal Action<bool>? Changed { get; set; }

    /// <summary>A player of ours waits for a chunk from now on until what is returned is disposed.</summary>
    public IDisposable Waiting()
    {
        Add(1);
        return new Wait(this);
    }

    private void Add(int more)
    {
        lock (_gate)
        {
            var before = _count;
            _count += more;
            if (before == 0 || _count == 0)
            {
                // In order, and so under the lock; who is told takes its own lock only.
                Changed?.Invoke(_count > 0);
            }
        }
    }

    private sealed class Wait(OwnPlayers owner) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                owner.Add(-1);
            }
        }
    }
}
