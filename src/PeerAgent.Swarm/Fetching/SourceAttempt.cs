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

    /// <summary>How it ended; null when it was cancelled. Never faults for anything a source does.</summary>
    public Task<TransferOutcome?> Completion { get; private set; } = Task.FromResult<TransferOutcome?>(null);

    /// <summary>Counts bytes.</summary>
    protected TrafficMeter Traffic => _traffic;

    /// <summary>Asks the source.</summary>
    public void Start(ChunkWanted wanted) => Completion = RunAsync(wanted);

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
