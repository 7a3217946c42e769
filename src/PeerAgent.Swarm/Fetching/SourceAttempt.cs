using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Fetching;

/// <summary>One source, asked once for a chunk or a part of it: its times and its end. What becomes of the bytes is the heirs' business.</summary>
internal abstract class SourceAttempt : ITransferSink, IDisposable
{
    private readonly Clock _clock;
    private readonly TrafficMeter _traffic;
    private readonly CancellationTokenSource _end;
    private long _expected;

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
        FirstByte ??= LastByte;
        Received += count;
        Expect(Interlocked.Read(ref _expected) - count);
        Source.Received(count);
        _traffic.Received(Source.IsOrigin, count);
        return Take(count);
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
