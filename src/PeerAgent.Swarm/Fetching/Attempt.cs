using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Fetching;

/// <summary>One source, asked once for one chunk.</summary>
internal sealed class Attempt : ITransferSink, IDisposable
{
    private readonly Clock _clock;
    private readonly TrafficMeter _traffic;
    private readonly Arrival? _arrival;
    private readonly CancellationTokenSource _end;
    private byte[]? _repeated;
    private long _repeatPosition;
    private long _repeatEnd;

    /// <summary>Ready to be started.</summary>
    /// <param name="source">Who is asked.</param>
    /// <param name="clock">The time.</param>
    /// <param name="traffic">Counts the bytes.</param>
    /// <param name="arrival">Where the bytes go on to at once, or null when they are verified first.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Attempt(Source source, Clock clock, TrafficMeter traffic, Arrival? arrival, CancellationToken cancellationToken)
    {
        Source = source;
        _clock = clock;
        _traffic = traffic;
        _arrival = arrival;
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Started = LastByte = Ended = clock.Now;
    }

    /// <summary>Who is asked.</summary>
    public Source Source { get; }

    /// <summary>The bytes.</summary>
    public ChunkBuffer Buffer { get; private set; } = new();

    /// <summary>Strong entity tag of the answer, or null.</summary>
    public string? EntityTag { get; private set; }

    /// <summary>True when a line break that is not part of the chunk may stand before it.</summary>
    public bool MayBeginWithLineBreak { get; private set; }

    /// <summary>True when the bytes did not look like what the chunk's name promises, but might be taken for want of better ones.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>True when the bytes were a page of text in place of media.</summary>
    public bool IsPage { get; set; }

    /// <summary>When it was started.</summary>
    public TimeSpan Started { get; }

    /// <summary>When the first byte came, or null.</summary>
    public TimeSpan? FirstByte { get; private set; }

    /// <summary>When the last byte came, or the start.</summary>
    public TimeSpan LastByte { get; private set; }

    /// <summary>When it ended.</summary>
    public TimeSpan Ended { get; private set; }

    /// <summary>Bytes that came.</summary>
    public long Received { get; private set; }

    /// <summary>How it ended; null when it was cancelled. Never faults for anything a source does.</summary>
    public Task<TransferOutcome?> Completion { get; private set; } = Task.FromResult<TransferOutcome?>(null);

    /// <summary>Asks the source.</summary>
    public void Start(ChunkWanted wanted) => Completion = RunAsync(wanted);

    /// <summary>Ends it, for another source was faster.</summary>
    public void Beaten() => _end.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();

    /// <summary>The chunk goes into this buffer; what the buffer holds already is compared, not kept twice.</summary>
    public void ContinueIn(ChunkBuffer buffer, long offset)
    {
        Buffer = buffer;
        _repeatPosition = offset;
        _repeatEnd = buffer.Length;
    }

    /// <inheritdoc/>
    public bool Begin(TransferHead head)
    {
        MayBeginWithLineBreak = head.MayBeginWithLineBreak;
        EntityTag = head.EntityTag;
        Source.LetsKeep = head.MayKeep;
        if (_arrival is not null)
        {
            var begins = _arrival.Begin(this, head);
            Buffer.MayKeep &= head.MayKeep || !begins;
            return begins;
        }

        Buffer.MayKeep = head.MayKeep;
        Buffer.Announced = head.TotalLength;
        return head.Offset == 0;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory()
    {
        var toRepeat = _repeatEnd - _repeatPosition;
        if (toRepeat == 0)
        {
            return Buffer.GetMemory();
        }

        _repeated ??= new byte[16 * 1024];
        return _repeated.AsMemory(0, (int)Math.Min(toRepeat, _repeated.Length));
    }

    /// <inheritdoc/>
    public bool Advance(int count)
    {
        LastByte = _clock.Now;
        FirstByte ??= LastByte;
        Received += count;
        Source.Received(count);
        _traffic.Received(Source.IsOrigin, count);
        if (_repeatPosition < _repeatEnd)
        {
            return Repeats(count);
        }

        Buffer.Advance(count);
        return _arrival is null || _arrival.Advanced(this);
    }

    /// <summary>Puts what was seen into the source's averages.</summary>
    public void ObserveSpeed() => Source.Speed.Observe(Received, (FirstByte ?? Ended) - Started, Ended - Started);

    /// <summary>The same for an attempt that a finished fetch leaves behind: then another source was faster.</summary>
    public void ObserveSpeedIfSlow(Task<FetchEnd> end)
    {
        if (end is { IsCompletedSuccessfully: true, Result: FetchEnd.Whole })
        {
            ObserveSpeed();
        }
    }

    private bool Repeats(int count)
    {
        Span<byte> earlier = new byte[count];
        Buffer.Peek(_repeatPosition, earlier);
        _repeatPosition += count;
        _traffic.Wasted(count);
        return earlier.SequenceEqual(_repeated.AsSpan(0, count));
    }

    private async Task<TransferOutcome?> RunAsync(ChunkWanted wanted)
    {
        Source.Opened();
        try
        {
            return await Source.FetchAsync(wanted, this, _end.Token);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            Source.Closed();
            Ended = _clock.Now;
        }
    }
}
