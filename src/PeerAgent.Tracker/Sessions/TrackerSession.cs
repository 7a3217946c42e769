using System.Threading.Channels;
using PeerAgent.Tracker.Client;
using PeerAgent.Tracker.Tiers;
using PeerAgent.Tracker.Trackers;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Sessions;

/// <summary>
/// The conversation with one list of trackers: a loop that owns all state, takes commands from a channel, and has one
/// message under way at a time (beside FIND_CHUNK, tries of better trackers and farewells, which run next to it).
/// </summary>
internal sealed class TrackerSession : IDisposable
{
    private readonly Channel<Action> _commands =
        Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });

    private readonly SessionState _state;
    private readonly StatusBoard _board;
    private readonly Planner _planner;
    private readonly Consequences _consequences;
    private readonly Courier _courier;
    private readonly Registrations _registrations;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ChunkQuestions _questions = new();
    private readonly Errands _errands = new();
    private (Exchange Exchange, CancellationTokenSource Cts, Task Task)? _running;
    private long _posted;
    private long _handled;
    private long _settled = -1;

    public TrackerSession(SessionState state, Courier courier, Registrations registrations, TimeProvider time)
    {
        _state = state;
        _board = new StatusBoard(state);
        _planner = new Planner(state);
        _consequences = new Consequences(state, courier.Me.PeerId);
        _courier = courier;
        _registrations = registrations;
        _time = time;
        _start = time.GetTimestamp();
        PublishStatus();
    }

    /// <summary>How the session stands with each tracker. Safe to read from anywhere.</summary>
    public IReadOnlyList<TrackerStatus> Status => _board.Status;

    /// <summary>True when nothing is under way and every command has been worked off.</summary>
    internal bool IsAtRest => Volatile.Read(ref _settled) == Volatile.Read(ref _posted);

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>The loop. Ends when nothing is left and <paramref name="mayEnd"/> agrees, or after <see cref="Stop"/>.</summary>
    public async Task RunAsync(Func<bool> mayEnd)
    {
        var never = Timeout.InfiniteTimeSpan;
        await using var timer = _time.CreateTimer(_ => Post(static () => { }), null, never, never);
        do
        {
            WorkOff();
            Advance(timer);
            PublishStatus();
            if (IsIdle && (_state.IsStopping || (_state.Members.Count == 0 && mayEnd())))
            {
                break;
            }

            if (_running is null && _errands.AreDone)
            {
                Volatile.Write(ref _settled, _handled);
            }
        }
        while (await _commands.Reader.WaitToReadAsync());

        _commands.Writer.TryComplete();
        WorkOff();
        _board.Close();
        Volatile.Write(ref _settled, Volatile.Read(ref _posted));
    }

    /// <summary>Called when the loop has ended.</summary>
    public void Dispose() => _errands.Dispose();

    public void Join(Member member)
    {
        if (!Post(() => _state.Join(member, Now)))
        {
            member.HasLeft();
        }
    }

    /// <summary>Done when the swarm is left, LEAVE answered or given up.</summary>
    public Task LeaveAsync(Member member)
    {
        if (!Post(() => _state.Leave(member, Now)))
        {
            member.HasLeft();
        }

        return member.Left;
    }

    /// <summary>Says goodbye to everybody; the loop ends within the window.</summary>
    public void Stop(TimeSpan window) => Post(() => _state.Stop(window, Now));

    public void RequestPeers(Member member) => Post(() =>
    {
        member.HintTaken(Member.PeersHint);
        member.Finding.Request(Now);
    });

    public void ReportChanged(Member member) => Post(() =>
    {
        member.HintTaken(Member.MapHint);
        member.RequestReport(Now + Reporting.Debounce, onlyIfChanged: true);
    });

    /// <summary>Asks FIND_CHUNK; empty when nobody is known or the question cannot be asked now.</summary>
    public Task<IReadOnlyList<PeerInfo>> FindChunkAsync(Member member, ChunkId chunk)
    {
        var asker = new TaskCompletionSource<IReadOnlyList<PeerInfo>>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!Post(() => AskChunk(member, chunk, asker)))
        {
            asker.SetResult([]);
        }

        return asker.Task;
    }

    private bool IsIdle => _running is null && _errands.AreDone && _state.Goodbye is null;

    private bool Post(Action command)
    {
        Interlocked.Increment(ref _posted);
        if (_commands.Writer.TryWrite(command))
        {
            return true;
        }

        Interlocked.Decrement(ref _posted);
        return false;
    }

    private void WorkOff()
    {
        while (_commands.Reader.TryRead(out var command))
        {
            command();
            _handled++;
        }
    }

    /// <summary>Starts what is due and sets the timer for what will be.</summary>
    private void Advance(ITimer timer)
    {
        var now = Now;
        if (_running is null && _planner.Next(now) is { } exchange)
        {
            Start(exchange);
        }

        _consequences.AfterPlanning();
        StartAside(now);
        Interrupt(now);
        var wake = _running is null ? _planner.NextWake() : InterruptAt();
        var wait = wake is not { } at ? Timeout.InfiniteTimeSpan : at > now ? at - now : TimeSpan.FromMilliseconds(1);
        timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void Start(Exchange exchange)
    {
        var tracker = exchange.Tracker;
        switch (exchange)
        {
            case ConnectExchange:
                tracker.Registration ??= _registrations.Enter(tracker.Endpoint.Url);
                _state.Link.Connecting(tracker);
                break;
            case JoinExchange join:
                join.Member.JoinSent = true;
                break;
        }

        var cts = new CancellationTokenSource();
        var place = tracker.Registration;
        if (exchange is QuitExchange quit)
        {
            tracker.Registration = null;
            _errands.StopAsking();
            _running = (exchange, cts, SettleAsync(exchange, _courier.QuitAsync(quit, place, cts.Token)));
        }
        else
        {
            _running = (exchange, cts, SettleAsync(exchange, _courier.CarryAsync(exchange, place, cts.Token)));
        }
    }

    private async Task SettleAsync(Exchange exchange, Task<TrackerOutcome> outcome)
    {
        var result = await outcome;
        Post(() =>
        {
            _running?.Cts.Dispose();
            _running = null;
            _consequences.Apply(exchange, result, Now, _time.GetUtcNow());
        });
    }

    private void StartAside(TimeSpan now)
    {
        while (_state.Farewells.TryDequeue(out var farewell))
        {
            var (tracker, place, swarms) = farewell;
            _errands.Begin(ct => FinishAsync(_courier.FarewellAsync(tracker, place, swarms, ct)));
        }

        if (_running is null && _planner.NextToProbe(now) is { Count: > 0 } better)
        {
            _state.IsProbing = true;
            _errands.Ask(ct => FinishAsync(ProbeAsync(better, ct)));
        }
    }

    private async Task ProbeAsync(IReadOnlyList<Candidate> better, CancellationToken ct)
    {
        var answered = await _courier.ProbeAsync(better, ct);
        Post(() =>
        {
            _state.IsProbing = false;
            var goBackTo = _state.Link.Failback.Tried(answered, Now);
            _state.Link.GoBackTo = goBackTo?.Rank < _state.Link.Current?.Rank ? goBackTo : null;
        });
    }

    private void AskChunk(Member member, ChunkId chunk, TaskCompletionSource<IReadOnlyList<PeerInfo>> asker)
    {
        var key = (member.SwarmId, chunk);
        var tracker = _state.Link.Current;
        var canSend = tracker is not null && member.State == MemberState.Joined && _state.Goodbye is null;
        if (_questions.Ask(key, asker, canSend, Now))
        {
            var exchange = new ChunkExchange(tracker!, tracker!.Client.Patience with { Retries = 1 }, member.SwarmId, chunk);
            _errands.Ask(ct => FinishAsync(AskChunkAsync(exchange, key, ct)));
        }
    }

    private async Task AskChunkAsync(ChunkExchange exchange, (SwarmId, ChunkId) key, CancellationToken ct)
    {
        var outcome = await _courier.CarryAsync(exchange, place: null, ct);
        Post(() =>
        {
            _questions.Answer(key, _consequences.Peers(outcome), Now);
            _consequences.Heard(exchange.Tracker, outcome, Now, _time.GetUtcNow());
            var isCurrent = _state.Link.Current == exchange.Tracker && _running is null;
            if (isCurrent && outcome is TrackerFailure failure && Consequences.MeansForgotten(failure))
            {
                _consequences.Forget(failure, Now);
            }
        });
    }

    /// <summary>When an errand ends the loop looks around again.</summary>
    private async Task FinishAsync(Task task)
    {
        await task;
        Post(static () => { });
    }

    /// <summary>A goodbye does not wait long for what is under way.</summary>
    private void Interrupt(TimeSpan now)
    {
        if (_running is { } running && InterruptAt() is { } at && now >= at)
        {
            running.Cts.Cancel();
        }

        if (now >= _state.StopsAt)
        {
            _errands.End();
        }
        else if (_state.IsStopping && _state.Goodbye is null)
        {
            _errands.StopAsking();
        }
    }

    private TimeSpan? InterruptAt() => _state.Goodbye is not { } goodbye ? null
        : _running?.Exchange switch
        {
            QuitExchange => goodbye.EndsAt,
            LeaveExchange => goodbye.LeavesEndAt,
            _ => goodbye.GraceEndsAt,
        };

    private void PublishStatus() => _board.Show(Now, _time.GetUtcNow());
}
