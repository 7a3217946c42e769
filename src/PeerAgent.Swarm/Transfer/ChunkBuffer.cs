using PeerAgent.Media.Store;

namespace PeerAgent.Swarm.Transfer;

/// <summary>
/// The bytes of a chunk as they arrive: one writer, any number of readers that may wait for more. Grows with what has
/// really arrived, never by what a stranger announces (beyond <see cref="FirstPiece"/>).
/// </summary>
/// <param name="memory">What the bytes are taken from.</param>
internal sealed class ChunkBuffer(MemoryBudget memory)
{
    /// <summary>Most bytes set aside on the strength of an announced length alone.</summary>
    public const int FirstPiece = 1 << 20;

    private const int StopGap = 4 << 10;
    private const int SmallestPiece = 64 << 10;
    private const int LargestPiece = 8 << 20;

    private readonly Lock _gate = new();
    private readonly List<Piece> _pieces = [];
    private TaskCompletionSource? _changed;
    private long _length;
    private string? _failure;
    private long _taken;
    private bool _complete;

    /// <summary>Bytes that have arrived.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>Length of the whole as announced, or null.</summary>
    public long? Announced { get; set; }

    /// <summary>False once bytes came whose source does not let us keep them.</summary>
    public bool MayKeep { get; set; } = true;

    /// <summary>True when the memory for chunks was full: no more is to be written.</summary>
    public bool IsOutOfRoom { get; private set; }

    /// <summary>Where the writer puts its next bytes; never empty.</summary>
    public Memory<byte> GetMemory()
    {
        lock (_gate)
        {
            if (_pieces.Count > 0 && _pieces[^1] is var last && last.Used < last.Bytes.Length)
            {
                return last.Bytes.Memory[last.Used..];
            }

            var size = NextSize();
            if (memory.TryTake(size))
            {
                _taken += size;
            }
            else
            {
                // The writer must have somewhere to write; it is told to stop right afterwards.
                IsOutOfRoom = true;
                size = StopGap;
            }

            var piece = new Piece(ChunkBytes.Allocate(size), _length);
            _pieces.Add(piece);
            return piece.Bytes.Memory;
        }
    }

    /// <summary>So many bytes were put there.</summary>
    public void Advance(int count)
    {
        lock (_gate)
        {
            _pieces[^1].Used += count;
            _length += count;
            Pulse();
        }
    }

    /// <summary>Takes bytes off the beginning, as if they had never come. Only by the writer, while all lies in one piece and nobody reads.</summary>
    public void TrimStart(int count)
    {
        lock (_gate)
        {
            var piece = _pieces[0];
            var bytes = piece.Bytes.GetSpan();
            bytes[count..piece.Used].CopyTo(bytes);
            piece.Used -= count;
            _length -= count;
        }
    }

    /// <summary>Nothing more will come; readers then see the end.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _complete = true;
            Pulse();
        }
    }

    /// <summary>Nothing more will come, and something is missing; readers then see an <see cref="IOException"/>.</summary>
    public void Fail(string reason)
    {
        lock (_gate)
        {
            _failure ??= reason;
            Pulse();
        }
    }

    /// <summary>Copies bytes from a position, waiting until there are some. 0 at the end.</summary>
    /// <exception cref="IOException">The chunk broke off.</exception>
    public async ValueTask<int> ReadAsync(long position, Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (position < _length || destination.IsEmpty)
                {
                    return CopyFrom(position, destination.Span);
                }

                if (_failure is not null)
                {
                    throw new IOException(_failure);
                }

                if (_complete)
                {
                    return 0;
                }

                changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Copies what is there from a position, without waiting.</summary>
    public int Peek(long position, Span<byte> destination)
    {
        lock (_gate)
        {
            return position < _length ? CopyFrom(position, destination) : 0;
        }
    }

    /// <summary>
    /// All bytes as one piece, without a copy where they already are one, and what was taken from the budget for it: that is
    /// the caller's now; the bytes are still the buffer's, until <see cref="Free"/>. The writer is done.
    /// </summary>
    public (ReadOnlyMemory<byte> Content, long Taken) HandOver()
    {
        lock (_gate)
        {
            if (_pieces.Count == 0)
            {
                return (ReadOnlyMemory<byte>.Empty, 0);
            }

            if (_pieces[0].Used != _pieces[0].Bytes.Length || _pieces[0].Used != _length)
            {
                Join();
            }

            var taken = _taken;
            _taken = 0;
            return (_pieces[0].Bytes.Memory, taken);
        }
    }

    /// <summary>Gives the memory back; nobody writes or reads any more. May be called again.</summary>
    public void Free()
    {
        lock (_gate)
        {
            memory.Give(_taken);
            _taken = 0;
            _pieces.ForEach(static p => p.Bytes.Release());
            _pieces.Clear();
        }
    }

    /// <summary>One piece in place of all; who reads sees no difference.</summary>
    private void Join()
    {
        var length = checked((int)_length);
        var all = new Piece(ChunkBytes.Allocate(length), 0) { Used = length };
        CopyFrom(0, all.Bytes.GetSpan());
        _pieces.ForEach(static p => p.Bytes.Release());
        _pieces.Clear();
        _pieces.Add(all);
        var left = Math.Min(_taken, length);
        memory.Give(_taken - left);
        _taken = left;
    }

    private int NextSize()
    {
        if (Announced == _length)
        {
            // All of it is here: the writer wants to see the end, not to write.
            return 1;
        }

        var rest = Announced is { } total && total > _length ? total - _length : long.MaxValue;
        var most = _pieces.Count == 0
            ? (Announced is null ? SmallestPiece : FirstPiece)
            : Math.Clamp(_length, SmallestPiece, LargestPiece);
        return (int)Math.Min(rest, most);
    }

    private int CopyFrom(long position, Span<byte> destination)
    {
        var copied = 0;
        for (var i = PieceAt(position); i < _pieces.Count && copied < destination.Length; i++)
        {
            var piece = _pieces[i];
            var source = piece.Bytes.GetSpan()[..piece.Used][(int)(position + copied - piece.Start)..];
            source = source[..Math.Min(source.Length, destination.Length - copied)];
            source.CopyTo(destination[copied..]);
            copied += source.Length;
        }

        return copied;
    }

    private int PieceAt(long position)
    {
        var i = _pieces.Count - 1;
        while (i > 0 && _pieces[i].Start > position)
        {
            i--;
        }

        return i;
    }

    private void Pulse()
    {
        _changed?.TrySetResult();
        _changed = null;
    }

    private sealed class Piece(ChunkBytes bytes, long start)
    {
        public ChunkBytes Bytes { get; } = bytes;

        public long Start { get; } = start;

        public int Used { get; set; }
    }
}
