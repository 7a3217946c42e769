namespace PeerAgent.Swarm.Upload;

/// <summary>
/// Our own players come first: while one of them waits for a chunk and has next to nothing left to play, peers are sent a
/// quarter of the rate through half of the slots. A player that fills its buffer takes nothing from them: where all in a swarm
/// held back whenever one of theirs waits, all would wait. Safe for concurrent use.
/// </summary>
public sealed class OwnPlayers(TimeProvider time)
{
    /// <summary>Who waits and has less than this left to play comes first.</summary>
    public static readonly TimeSpan NearlyDry = TimeSpan.FromSeconds(0.75);

    private readonly Lock _gate = new();
    private int _count;

    /// <summary>How many wait now with next to nothing left to play.</summary>
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
    /// <param name="left">How much it has left to play, as far as one can tell; negative when it has run dry already.</param>
    public IDisposable Waiting(TimeSpan left) => new Wait(this, left - NearlyDry);

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

    private sealed class Wait : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly OwnPlayers _owner;
        private readonly ITimer? _timer;
        private bool _counts;
        private bool _isOver;

        public Wait(OwnPlayers owner, TimeSpan until)
        {
            _owner = owner;
            if (until <= TimeSpan.Zero)
            {
                Begin();
            }
            else
            {
                _timer = owner.NewTimer(Begin, until);
            }
        }

        public void Dispose()
        {
            lock (_gate)
            {
                if (_counts && !_isOver)
                {
                    _owner.Add(-1);
                }

                _isOver = true;
            }

            _timer?.Dispose();
        }

        private void Begin()
        {
            lock (_gate)
            {
                if (!_isOver)
                {
                    _counts = true;
                    _owner.Add(1);
                }
            }
        }
    }

    private ITimer NewTimer(Action action, TimeSpan after) =>
        time.CreateTimer(static a => ((Action)a!)(), action, after, Timeout.InfiniteTimeSpan);
}
