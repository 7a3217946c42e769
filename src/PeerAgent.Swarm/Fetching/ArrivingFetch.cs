using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Telemetry;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// Fetches a chunk that nobody can verify: its bytes go on to those who wait as they arrive. One source leads; a second one
/// is asked beside a slow first until somebody does.
/// </summary>
internal sealed class ArrivingFetch : ChunkFetch
{
    private const int MaxAttempts = 2;

    private readonly RivalRule _rivals;
    private readonly ArrivalJudge _judge;
    private readonly Arrival _arrival;
    private readonly List<ArrivalAttempt> _running = [];
    private TimeSpan? _goOnUntil;
    private CancellationToken _token;
    private volatile ArrivalAttempt? _latest;

    public ArrivingFetch(FetchSite site, ChunkLayout layout, ChunkId chunk)
        : base(site, layout, chunk)
    {
        _rivals = new RivalRule(site.Parts.Options);
        _arrival = new Arrival(ContentType);
        _judge = new ArrivalJudge(site, Plan, _arrival, chunk);
    }

    /// <inheritdoc/>
    public override Arrival? Arrival => _arrival;

    /// <inheritdoc/>
    public override bool IsAlmostDone =>
        _latest is { Completion.IsCompleted: false, Received: > 0, Buffer: { Announced: > 0 and var all } buffer } && buffer.Length >= all * 3 / 4;

    /// <inheritdoc/>
    protected override async Task<FetchEnd> FetchAsync(CancellationToken cancellationToken)
    {
        _token = cancellationToken;
        Site.Line.Enter(this);
        while (true)
        {
            lock (Site.Line.Gate)
            {
                if (Harvest() is { } end)
                {
                    return end;
                }

                if (IsOver(_running.Count))
                {
                    return new FetchEnd.Abandoned();
                }

                if (_arrival.Led is { } led && IsLost)
                {
                    return Break(led);
                }
            }

            await WaitAsync(_running, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override void Employ()
    {
        if (_running.Exists(a => a.Completion.IsCompleted))
        {
            // Its own loop looks at what has ended first.
            return;
        }

        var now = Clock.Now;
        if (_arrival.Led is { } led)
        {
            GoOn(led, now);
            return;
        }

        var source = _running.Count switch
        {
            0 => Plan.Next(now, isShared: false, _token),
            < MaxAttempts => _rivals.Find(Plan, _running[0], now, Latest),
            _ => null,
        };
        if (Plan.TakesSuspects)
        {
            _arrival.TakeAnything();
        }

        if (source is not null)
        {
            Start(source, 0, _running.Count == 0 ? Plan.Why : "the first is slow");
        }
    }

    /// <inheritdoc/>
    public override void Free() => _arrival.Led?.Free();

    /// <inheritdoc/>
    protected override void GaveUp(string reason) => _arrival.Led?.Fail(reason);

    /// <inheritdoc/>
    protected override async Task ClearUpAsync()
    {
        foreach (var attempt in _running)
        {
            await attempt.Completion;
            Ended(attempt);
            attempt.ObserveSpeedIfSlow(End);
            Site.Traffic.Wasted(attempt.Received);
            attempt.Dispose();
        }
    }

    /// <summary>True when an arrival that others already read has broken off and cannot be gone on with.</summary>
    private bool IsLost
    {
        get
        {
            if (_running.Count > 0)
            {
                return false;
            }

            _goOnUntil ??= Clock.Now + Site.Parts.Options.Deadline;
            return Clock.Now >= _goOnUntil || !_arrival.CanGoOn;
        }
    }

    /// <summary>Looks after an arrival that others already read: one source is enough, and another goes on where it broke off.</summary>
    private void GoOn(ChunkBuffer led, TimeSpan now)
    {
        if (_running.Count > 0)
        {
            foreach (var beaten in _running.Where(a => !_arrival.IsLedBy(a) && _running.Count > 1))
            {
                beaten.Beaten();
            }
        }
        else if (!IsLost && Plan.Next(now, isShared: false, _token) is { } source)
        {
            Start(source, led.Length, "it broke off");
        }
    }

    private FetchEnd.Broken Break(ChunkBuffer led)
    {
        Site.Parts.Logger.ArrivalBroke(Site.SwarmId, Chunk, Story);
        Site.Traffic.Wasted(led.Length);
        led.Fail($"The chunk broke off and no other source could go on with it: {Story}.");
        return new FetchEnd.Broken();
    }

    private void Start(Source source, long offset, string why)
    {
        var attempt = new ArrivalAttempt(source, Site, _arrival, _token);
        _running.Add(attempt);
        _latest = attempt;
        Begin(attempt, Wanted with { Offset = offset }, why);
        Tell(_running);
    }

    private FetchEnd? Harvest()
    {
        foreach (var attempt in _running.Where(a => a.Completion.IsCompleted).ToList())
        {
            _running.Remove(attempt);
            using (attempt)
            {
                Ended(attempt);
                var end = _judge.Judge(attempt, attempt.Outcome);
                Tell(_running);
                if (end is not null)
                {
                    return end;
                }
            }
        }

        return null;
    }
}
