using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Fetching;

/// <summary>One source, asked once for a chunk or a part of it: its times and its end. What becomes of the bytes is the heirs' business.</summary>
internal abstract class SourceAttempt : ITransferSink, IDisposable
{
    private const int TellingBytes = 32 << 10;
    private static readonly TimeSpan TellingTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ShortestTime = TimeSpan.FromMilliseconds(1);

    /// <summary>Peers may let what has more time than that wait for what is due before.</summary>
    private static readonly TimeSpan Hurry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongSilence = TimeSpan.FromMilliseconds(500);

    private readonly Clock _clock;
    private readonly TrafficMeter _traffic;
    private readonly CancellationTokenSource _end;
    private long _expected;
    private bool _hadTime;
    private long _sourceBytesAtFirst;
    private long _sourceBytesAtEnd;

    protected SourceAttempt(Source source, FetchSite site, CancellationToken cancellationToken)
    {
        Source = source;
        _clock = site.Parts.Clock;
        _traffic = site.Traffic;
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Started = LastByte = Ended = _clock.Now;
    }

    /// <summary>Who is asked.</summary>
    public Source Source { get; }

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

    /// <summary>Its end. Never faults for anything a source does.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>How it ended, once <see cref="Completion"/> says that it has; null when it was cancelled.</summary>
    public TransferOutcome? Outcome { get; private set; }

    /// <summary>Counts bytes.</summary>
    protected TrafficMeter Traffic => _traffic;

    /// <summary>Asks the source.</summary>
    /// <param name="wanted">What for.</param>
    /// <param name="expected">Bytes that will come, roughly.</param>
    public void Start(ChunkWanted wanted, long expected)
    {
        Expect(expected);
        _hadTime = wanted.Left > Hurry;
        Completion = RunAsync(wanted);
    }

    /// <summary>So many bytes are to come from now on, roughly.</summary>
    public void Expect(long bytes)
    {
        var rest = Math.Max(0, bytes);
        Source.Expect(rest - Interlocked.Exchange(ref _expected, rest));
    }

    /// <summary>Ends it, for another source was faster.</summary>
    public void Beaten() => _end.Cancel();

    /// <inheritdoc/>
    public virtual void Dispose() => _end.Dispose();

    /// <inheritdoc/>
    public abstract bool Begin(TransferHead head);

    /// <inheritdoc/>
    public abstract Memory<byte> GetMemory();

    /// <inheritdoc/>
    public bool Advance(int count)
    {
        LastByte = _clock.Now;
        Received += count;
        Expect(Interlocked.Read(ref _expected) - count);
        Source.Received(count);
        _sourceBytesAtEnd = Source.Bytes;
        if (FirstByte is null)
        {
            (FirstByte, _sourceBytesAtFirst) = (LastByte, _sourceBytesAtEnd);
        }

        _traffic.Received(Source.IsOrigin, count);
        return Take(count);
    }

    /// <summary>Puts what was seen into the source's averages.</summary>
    public void ObserveSpeed()
    {
        if (FirstByte is not { } first)
        {
            // Time without a byte is slowness; but who was told to stop at once had no chance.
            if (Ended - Started >= LongSilence)
            {
                Source.Speed.Observe(Ended - Started, 0, Ended - Started, Ended, _hadTime);
            }

            return;
        }

        // The bytes of the first read had come before; of others that the source sends at the same time it could send more of these.
        var (bytes, time) = (_sourceBytesAtEnd - _sourceBytesAtFirst, LastByte - first);
        var says = bytes >= TellingBytes || time >= TellingTime;
        (bytes, time) = says ? (bytes, time)
            : Source.Speed.BytesPerSecond is null ? (Received, Ended > Started ? Ended - Started : ShortestTime)
            : (0, TimeSpan.Zero);
        Source.Speed.Observe(first - Started, bytes, time, Ended, _hadTime);
    }

    /// <summary>The same for an attempt that a finished fetch leaves behind: then another source was faster.</summary>
    public void ObserveSpeedIfSlow(Task<FetchEnd> end)
    {
        if (end is { IsCompletedSuccessfully: true, Result: FetchEnd.Whole })
        {
            ObserveSpeed();
        }
    }

    /// <summary>So many bytes were put where <see cref="GetMemory"/> said. False when no more are wanted.</summary>
    protected abstract bool Take(int count);

    private async Task RunAsync(ChunkWanted wanted)
    {
        Source.Opened();
        try
        {
            Outcome = await Source.FetchAsync(wanted, this, _end.Token);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Somebody else was faster.
        }
        finally
        {
            Source.Closed();
            Expect(0);
            Ended = _clock.Now;
        }
    }
}
