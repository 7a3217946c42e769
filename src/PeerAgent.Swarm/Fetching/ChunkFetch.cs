using System.Globalization;
using System.Runtime.ExceptionServices;
using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// Fetches one chunk for everyone who waits for it, or will. Goes on until it has the chunk or is cancelled. How the bytes
/// are got is the heirs' business: verified before anybody sees them, or passed on as they arrive.
/// </summary>
internal abstract class ChunkFetch : IGateGuest, IDisposable
{
    /// <summary>How long a fetch that everybody left may go on when most of the chunk is here.</summary>
    private static readonly TimeSpan Afterlife = TimeSpan.FromSeconds(3);

    /// <summary>How often a fetch looks after itself when nothing happens to it.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _cancel = new();
    private readonly Signal _begun = new();
    private readonly TaskCompletionSource _started = new();
    private readonly TaskCompletionSource<FetchEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile AheadClaim? _claim;
    private volatile int _waiters;
    private volatile string _history = "";
    private volatile SourceAttempt[] _asking = [];
    private TimeSpan? _leftAt;
    private int _asked;
    private long _due;
    private long _latest;

    protected ChunkFetch(FetchSite site, ChunkLayout layout, ChunkId chunk)
    {
        Site = site;
        Chunk = chunk;
        Trace = site.Traces.Begin(chunk);
        Plan = new FetchPlan(site, this);
        Wanted = new ChunkWanted(
            site.SwarmId, chunk, layout.PeerPathOf(chunk), layout.NameOf(chunk), 0,
            Math.Min(site.Parts.MaxChunkBytes, layout.ListLengthOf(chunk) ?? long.MaxValue));
        ContentType = layout.ContentTypeOf(chunk);
    }

    /// <summary>The chunk.</summary>
    public ChunkId Chunk { get; }

    /// <summary>Its media type.</summary>
    public string ContentType { get; }

    /// <summary>Where it can be read while it comes; null when it is verified first.</summary>
    public virtual Arrival? Arrival => null;

    /// <summary>How many wait; changed under the table's lock.</summary>
    public int Waiters
    {
        get => _waiters;
        set => _waiters = value;
    }

    /// <summary>Why it is fetched before somebody waits, or null; changed under the table's lock.</summary>
    public AheadClaim? Claim
    {
        get => _claim;
        set => _claim = value;
    }

    /// <summary>False while nobody waits nor will: then it finishes what it is at, and starts nothing new.</summary>
    public bool IsWanted => Waiters > 0 || Claim is not null;

    /// <inheritdoc/>
    public Urgency Urgency => Waiters > 0 ? Urgency.Waited : Claim?.Urgency ?? Urgency.Ahead;

    /// <inheritdoc/>
    public TimeSpan Due => Waiters > 0 ? new TimeSpan(Volatile.Read(ref _due)) : Claim?.Due ?? TimeSpan.MaxValue;

    /// <summary>When it should be here, even if it is played later: until then it is left to peers.</summary>
    public TimeSpan Latest => Waiters > 0 ? new TimeSpan(Volatile.Read(ref _latest)) : Due;

    /// <inheritdoc/>
    public bool IsAtWork => Volatile.Read(ref _asked) > 0;

    /// <summary>How it ended.</summary>
    public Task<FetchEnd> End => _end.Task;

    /// <summary>Whom it asked and what came of it, for people; empty when nobody was asked.</summary>
    public string Story =>
        string.Join("; ", _asking.Select(a => $"{a.Source.Name} has not sent all of it yet").Prepend(_history).Where(s => s.Length > 0));

    /// <summary>True when so much is here that the rest is worth waiting for.</summary>
    public abstract bool IsAlmostDone { get; }

    /// <summary>What all fetches of the stream share.</summary>
    protected FetchSite Site { get; }

    /// <summary>Whom to ask.</summary>
    protected FetchPlan Plan { get; }

    /// <summary>What is asked for.</summary>
    protected ChunkWanted Wanted { get; }

    /// <summary>What is told of it afterwards.</summary>
    protected ChunkTrace Trace { get; }

    protected Clock Clock => Site.Parts.Clock;

    /// <summary>One more waits. Under the table's lock.</summary>
    public void Wait(ChunkWait wait)
    {
        var isFirst = _waiters == 0;
        Volatile.Write(ref _due, isFirst ? wait.Due.Ticks : Math.Min(wait.Due.Ticks, _due));
        Volatile.Write(ref _latest, isFirst ? wait.Latest.Ticks : Math.Min(wait.Latest.Ticks, _latest));
        Waiters++;
    }

    /// <summary>Asks the sources that it has use for, of those that are free. Under the lock of the stream's <see cref="FetchLine"/>.</summary>
    public abstract void Employ();

    /// <summary>Ends it; nobody wants the chunk any more.</summary>
    public void Cancel()
    {
        try
        {
            _cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was over in that very moment.
        }
    }

    /// <summary>Begins the work, on the caller's thread as far as it goes there. Under no lock. May be called again.</summary>
    public void Start() => _started.TrySetResult();

    /// <summary>Does all the work once it is started, the last clearing up included.</summary>
    /// <param name="ended">Called once, before those who wait hear of the end.</param>
    public async Task RunAsync(Action<ChunkFetch> ended)
    {
        await _started.Task;
        try
        {
            var end = await FetchInTurnAsync(_cancel.Token);
            Trace.Finished(end);
            ended(this);
            _end.TrySetResult(end);
        }
        catch (OperationCanceledException) when (_cancel.IsCancellationRequested)
        {
            Trace.Finished(new FetchEnd.Abandoned());
            ended(this);
            GaveUp("The stream was closed, or nobody waited any more.");
            _end.TrySetResult(new FetchEnd.Abandoned());
        }
        catch (Exception e)
        {
            // A bug of ours: those who wait get it as it is.
            Site.Parts.Logger.FetchFaulted(Site.SwarmId, Chunk, e);
            ended(this);
            GaveUp("The agent failed.");
            _end.TrySetException(e);
        }
        finally
        {
            await _cancel.CancelAsync();
            await ClearUpAsync();
            await Plan.Lookup;
        }
    }

    /// <summary>All its work is done and nobody reads what it brought any more: the memory is given back. May be called again.</summary>
    public virtual void Free()
    {
    }

    /// <inheritdoc/>
    public void Dispose() => _cancel.Dispose();

    /// <summary>Gets the chunk.</summary>
    protected abstract Task<FetchEnd> FetchAsync(CancellationToken cancellationToken);

    /// <summary>Ends without the chunk: whoever reads it already is to know.</summary>
    protected abstract void GaveUp(string reason);

    /// <summary>Awaits what was begun; the fetch's token is cancelled already.</summary>
    protected abstract Task ClearUpAsync();

    /// <summary>Asks a source.</summary>
    protected void Begin(SourceAttempt attempt, ChunkWanted wanted, string why)
    {
        Site.Parts.Logger.Asking(Site.SwarmId, attempt.Source.Name, Chunk, wanted.Offset);
        Trace.Asked(attempt.Source, wanted, why);
        Interlocked.Add(ref _asked, attempt.Source.IsOrigin ? 0 : 1);
        var left = Plan.IsFirstCopy(Clock.Now) ? FirstCopyRule.Needed : Latest - Clock.Now;
        attempt.Start(wanted with { Left = left }, (wanted.End ?? Site.UsualSize) - wanted.Offset);
        _begun.Pulse();
    }

    /// <summary>An attempt is over: its end is noted, and there is room for another fetch at its source.</summary>
    protected void Ended(SourceAttempt attempt)
    {
        if (attempt.Completion.Exception is { } bug)
        {
            ExceptionDispatchInfo.Throw(bug.GetBaseException());
        }

        Interlocked.Add(ref _asked, attempt.Source.IsOrigin ? 0 : -1);
        Trace.Ended(attempt);
        var silence = attempt.Ended - attempt.LastByte;
        if (attempt.Outcome is null && silence >= Site.Parts.Options.RivalAfter)
        {
            attempt.Source.Health.Failed(Clock.Now, string.Create(CultureInfo.InvariantCulture, $"sent nothing for {silence.TotalSeconds:0.0} s"));
        }

        Site.Traffic.Metrics.Attempted(attempt.Outcome?.Result.ToString() ?? "Beaten");
        Site.Directory.Changed.Pulse();
    }

    /// <summary>True when nobody wants the chunk and nothing is under way that will soon be done.</summary>
    protected bool IsOver(int running)
    {
        if (IsWanted)
        {
            _leftAt = null;
            return false;
        }

        _leftAt ??= Clock.Now;
        return running == 0 || Clock.Now - _leftAt > Afterlife;
    }

    /// <summary>Notes for people how things stand.</summary>
    protected void Tell(IEnumerable<SourceAttempt> running)
    {
        _history = Plan.History;
        _asking = [.. running];
    }

    /// <summary>
    /// Lets everybody in line take sources, and waits until one of its own attempts has begun or ended, or it is time to see whether it
    /// is still wanted. What else happens in the stream is the line's business.
    /// </summary>
    protected async Task WaitAsync(IReadOnlyCollection<SourceAttempt> running, CancellationToken cancellationToken)
    {
        Site.Line.Employ();
        Task begun;
        List<Task> ends;
        lock (Site.Line.Gate)
        {
            begun = _begun.Next;
            ends = [.. running.Select(a => a.Completion)];
        }

        await Clock.WaitAsync(Task.WhenAny([begun, .. ends]), Look, cancellationToken);
    }

    private async Task<FetchEnd> FetchInTurnAsync(CancellationToken cancellationToken)
    {
        using var turn = await Site.Parts.Gate.EnterAsync(this, cancellationToken);
        using (var stored = await Site.Chunks.OpenAsync(Chunk, cancellationToken))
        {
            if (stored is not null)
            {
                return new FetchEnd.Whole(null);
            }
        }

        try
        {
            return await FetchAsync(cancellationToken);
        }
        finally
        {
            Site.Line.Leave(this);
        }
    }
}
