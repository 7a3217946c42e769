using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// Fetches one chunk for everyone who waits for it: asks one source after the other, a second one beside a slow first,
/// verifies, and keeps. Goes on until it has the chunk or is cancelled.
/// </summary>
internal sealed class ChunkFetch : IGateGuest, IDisposable
{
    private const int MaxAttempts = 2;

    private readonly FetchSite _site;
    private readonly FetchPlan _plan;
    private readonly RivalRule _rivals;
    private readonly AttemptJudge _judge;
    private readonly ChunkWanted _wanted;
    private readonly List<Attempt> _running = [];
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource<FetchEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan? _goOnUntil;
    private volatile Attempt? _latest;
    private volatile string _story = "";
    private volatile AheadClaim? _claim;
    private volatile int _waiters;
    private long _due;
    private long _deadline;

    public ChunkFetch(FetchSite site, ChunkLayout layout, ChunkId chunk)
    {
        _site = site;
        Chunk = chunk;
        _plan = new FetchPlan(site, chunk, this);
        _rivals = new RivalRule(site.Parts.Options);
        _wanted = new ChunkWanted(
            site.SwarmId, chunk, layout.PeerPathOf(chunk), layout.NameOf(chunk), 0, site.Parts.MaxChunkBytes);
        ContentType = layout.ContentTypeOf(chunk);
        Arrival = layout.HashOf(chunk) is null ? new Arrival(ContentType) : null;
        _judge = new AttemptJudge(site, _plan, Arrival, chunk);
    }

    /// <summary>The chunk.</summary>
    public ChunkId Chunk { get; }

    /// <summary>Its media type.</summary>
    public string ContentType { get; }

    /// <summary>Where it can be read while it comes; null when it is verified first.</summary>
    public Arrival? Arrival { get; }

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

    /// <summary>How it ended.</summary>
    public Task<FetchEnd> End => _end.Task;

    /// <summary>Whom it asked and what came of it, for people; empty when nobody was asked.</summary>
    public string Story => _story;

    /// <summary>True when so much is here that the rest is worth waiting for.</summary>
    public bool IsAlmostDone => _latest is { Buffer: { Announced: { } all } buffer } && buffer.Length >= all / 4 * 3;

    /// <summary>When the first who waits gives up, or the chunk is played.</summary>
    private TimeSpan Deadline => Waiters > 0 ? new TimeSpan(Volatile.Read(ref _deadline)) : Due;

    private Clock Clock => _site.Parts.Clock;

    /// <summary>One more waits. Under the table's lock.</summary>
    public void Wait(TimeSpan until, TimeSpan due)
    {
        var isFirst = _waiters == 0;
        Volatile.Write(ref _deadline, isFirst ? until.Ticks : Math.Min(until.Ticks, _deadline));
        Volatile.Write(ref _due, isFirst ? due.Ticks : Math.Min(due.Ticks, _due));
        _waiters++;
    }

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

    /// <summary>Does all the work, the last clearing up included.</summary>
    /// <param name="ended">Called once, before those who wait hear of the end.</param>
    public async Task RunAsync(Action<ChunkFetch> ended)
    {
        // Off the caller's lock.
        await Task.Yield();
        try
        {
            var end = await FetchAsync(_cancel.Token);
            ended(this);
            _end.TrySetResult(end);
        }
        catch (OperationCanceledException) when (_cancel.IsCancellationRequested)
        {
            ended(this);
            Arrival?.Led?.Fail("The stream was closed, or nobody waited any more.");
            _end.TrySetResult(new FetchEnd.Abandoned());
        }
        catch (Exception e)
        {
            // A bug of ours: those who wait get it as it is.
            _site.Parts.Logger.FetchFaulted(_site.SwarmId, Chunk, e);
            ended(this);
            Arrival?.Led?.Fail("The agent failed.");
            _end.TrySetException(e);
        }
        finally
        {
            await ClearUpAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _cancel.Dispose();

    private async Task<FetchEnd> FetchAsync(CancellationToken cancellationToken)
    {
        using var turn = await _site.Parts.Gate.EnterAsync(this, cancellationToken);
        using (var stored = await _site.Chunks.OpenAsync(Chunk, cancellationToken))
        {
            if (stored is not null)
            {
                return new FetchEnd.Whole(null);
            }
        }

        while (true)
        {
            var changed = _site.Directory.Changed.Next;
            if (await HarvestAsync(cancellationToken) is { } end)
            {
                return end;
            }

            if (!IsWanted && _running.Count == 0)
            {
                return new FetchEnd.Abandoned();
            }

            if (Arrival?.Led is { } led)
            {
                if (!GoesOn(led, cancellationToken))
                {
                    return Break(led);
                }
            }
            else
            {
                StartWhatHelps(cancellationToken);
            }

            await WaitAsync(changed, cancellationToken);
        }
    }

    private void StartWhatHelps(CancellationToken cancellationToken)
    {
        var now = Clock.Now;
        var source = _running.Count switch
        {
            0 => _plan.Next(now, cancellationToken),
            < MaxAttempts => _rivals.Find(_plan, _running[0], now, Deadline),
            _ => null,
        };
        if (_plan.TakesSuspects)
        {
            Arrival?.TakeAnything();
        }

        if (source is not null)
        {
            Begin(source, 0, cancellationToken);
        }
    }

    /// <summary>Looks after an arrival that others already read. False when it cannot go on.</summary>
    private bool GoesOn(ChunkBuffer led, CancellationToken cancellationToken)
    {
        foreach (var beaten in _running.Where(a => !Arrival!.IsLedBy(a) && _running.Count > 1))
        {
            beaten.Beaten();
        }

        if (_running.Count > 0)
        {
            return true;
        }

        var now = Clock.Now;
        _goOnUntil ??= now + _site.Parts.Options.Deadline;
        if (now >= _goOnUntil || !Arrival!.CanGoOn)
        {
            return false;
        }

        if (_plan.Next(now, cancellationToken) is { } source)
        {
            Begin(source, led.Length, cancellationToken);
        }

        return true;
    }

    private FetchEnd.Broken Break(ChunkBuffer led)
    {
        _site.Parts.Logger.ArrivalBroke(_site.SwarmId, Chunk, _story);
        _site.Traffic.Wasted(led.Length);
        led.Fail($"The chunk broke off and no other source could go on with it: {_story}.");
        return new FetchEnd.Broken();
    }

    private void Begin(Source source, long offset, CancellationToken cancellationToken)
    {
        _site.Parts.Logger.Asking(_site.SwarmId, source.Name, Chunk, offset);
        var attempt = new Attempt(source, Clock, _site.Traffic, Arrival, cancellationToken);
        _running.Add(attempt);
        _latest = attempt;
        attempt.Start(_wanted with { Offset = offset });
        Tell();
    }

    private async Task WaitAsync(Task changed, CancellationToken cancellationToken)
    {
        var happens = Task.WhenAny([changed, .. _running.Select(a => a.Completion)]);
        var isSettled = _running.Count >= MaxAttempts || Arrival?.Led is not null;
        await Clock.WaitAsync(happens, TimeSpan.FromMilliseconds(isSettled ? 250 : 50), cancellationToken);
    }

    private async Task<FetchEnd?> HarvestAsync(CancellationToken cancellationToken)
    {
        foreach (var attempt in _running.Where(a => a.Completion.IsCompleted).ToList())
        {
            _running.Remove(attempt);
            MakeRoom();
            using (attempt)
            {
                var end = await _judge.JudgeAsync(attempt, await attempt.Completion, cancellationToken);
                Tell();
                if (end is not null)
                {
                    return end;
                }
            }
        }

        return null;
    }

    private void Tell()
    {
        var waiting = _running.Select(a => $"{a.Source.Name} has not sent all of it yet");
        _story = string.Join("; ", waiting.Prepend(_plan.History).Where(s => s.Length > 0));
    }

    /// <summary>A source has a request less: another fetch may be waiting for that.</summary>
    private void MakeRoom() => _site.Directory.Changed.Pulse();

    private async Task ClearUpAsync()
    {
        await _cancel.CancelAsync();
        foreach (var attempt in _running)
        {
            await attempt.Completion;
            attempt.ObserveSpeedIfSlow(_end.Task);
            _site.Traffic.Wasted(attempt.Received);
            attempt.Dispose();
            MakeRoom();
        }

        await _plan.Lookup;
    }
}
