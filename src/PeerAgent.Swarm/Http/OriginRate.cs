using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Http;

/// <summary>
/// Holds what is read from all origins together to so many bytes a second: a token bucket that holds a quarter of a
/// second's worth. What was read is paid for before the next is read. Streams pay in turn, and within a stream its
/// transfers do, so that nobody waits for more than one piece of each other. Safe for concurrent use.
/// </summary>
internal sealed class OriginRate : IDisposable
{
    private const int LargestPiece = 64 * 1024;
    private const int SmallestPiece = 1024;
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<SwarmId, LinkedList<Payment>> _lines = [];
    private readonly Queue<SwarmId> _turns = new();
    private readonly OriginOptions _options;
    private readonly Clock _clock;
    private readonly ITimer _timer;
    private TimeSpan _spentUntil = -Burst;

    public OriginRate(OriginOptions options, Clock clock)
    {
        _options = options;
        _clock = clock;
        _timer = clock.Provider.CreateTimer(
            static rate => ((OriginRate)rate!).Settle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True when there is a limit.</summary>
    public bool IsLimited => _options.MaxBytesPerSecond is not null;

    /// <summary>True while what was read is more than the limit lets through: then it is we who are slow.</summary>
    public bool IsUsedUp
    {
        get
        {
            lock (_gate)
            {
                return IsLimited && _spentUntil > _clock.Now;
            }
        }
    }

    /// <summary>Most bytes to read in one go.</summary>
    public int Piece => _options.MaxBytesPerSecond is { } rate ? (int)Math.Clamp(rate / 16, SmallestPiece, LargestPiece) : int.MaxValue;

    /// <summary>Returns when the bytes that were read are paid for. Cancelled, they are paid for all the same.</summary>
    /// <param name="stream">Whose turn it takes.</param>
    /// <param name="bytes">What was read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask PayAsync(SwarmId stream, int bytes, CancellationToken cancellationToken)
    {
        if (!IsLimited)
        {
            return;
        }

        var payment = new Payment(stream, bytes);
        lock (_gate)
        {
            LineUp(payment);
        }

        Settle();
        try
        {
            await payment.Paid.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            GoAway(payment);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void LineUp(Payment payment)
    {
        if (!_lines.TryGetValue(payment.Stream, out var line))
        {
            _lines.Add(payment.Stream, line = new LinkedList<Payment>());
            _turns.Enqueue(payment.Stream);
        }

        line.AddLast(payment.Place);
    }

    /// <summary>Takes all payments whose turn has come, and sets the timer for the next.</summary>
    private void Settle()
    {
        lock (_gate)
        {
            while (_spentUntil <= _clock.Now && _turns.TryDequeue(out var stream))
            {
                var line = _lines[stream];
                if (line.First is { Value: var payment })
                {
                    line.RemoveFirst();
                    Charge(payment.Bytes);
                    payment.Paid.TrySetResult();
                }

                if (line.Count > 0)
                {
                    _turns.Enqueue(stream);
                }
                else
                {
                    _lines.Remove(stream);
                }
            }

            if (_turns.Count > 0)
            {
                var wait = _spentUntil - _clock.Now;
                _timer.Change(wait > ShortestWait ? wait : ShortestWait, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void GoAway(Payment payment)
    {
        lock (_gate)
        {
            if (payment.Place.List is { } line)
            {
                // An empty line stays until its turn, which then goes by.
                line.Remove(payment.Place);
                Charge(payment.Bytes);
            }
        }
    }

    private void Charge(int bytes)
    {
        var earliest = _clock.Now - Burst;
        _spentUntil = (_spentUntil > earliest ? _spentUntil : earliest)
            + TimeSpan.FromSeconds((double)bytes / _options.MaxBytesPerSecond!.Value);
    }

    /// <summary>Bytes that wait to be paid for.</summary>
    private sealed class Payment
    {
        public Payment(SwarmId stream, int bytes)
        {
            Stream = stream;
            Bytes = bytes;
            Place = new LinkedListNode<Payment>(this);
        }

        public SwarmId Stream { get; }

        public int Bytes { get; }

        public LinkedListNode<Payment> Place { get; }

        public TaskCompletionSource Paid { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
