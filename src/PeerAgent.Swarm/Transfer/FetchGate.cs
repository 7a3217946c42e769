namespace PeerAgent.Swarm.Transfer;

/// <summary>
/// Lets so many chunks be fetched at a time in the whole process; the rest wait in line, the most urgent first. What lies
/// ahead of players gets half of the places at most, all that no player waits for yet three quarters: a player that has
/// to wait always finds one. Safe for concurrent use.
/// </summary>
internal sealed class FetchGate(int most)
{
    /// <summary>What a surer source needs to come to the rescue.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(1.5);

    private readonly Lock _gate = new();
    private readonly List<IGateGuest> _inside = [];
    private readonly List<(IGateGuest Guest, TaskCompletionSource Turn)> _line = [];

    /// <summary>
    /// True while a player somewhere in the process waits for a chunk that is in line or being asked for, and has little left to
    /// play; a chunk that nobody has holds nobody up.
    /// </summary>
    public bool IsWaitedFor(TimeSpan now)
    {
        lock (_gate)
        {
            return _inside.Exists(g => g.IsAtWork && IsCritical(g, now)) || _line.Exists(e => IsCritical(e.Guest, now));
        }
    }

    /// <summary>True when a player waits and has no more to play than <see cref="Margin"/>.</summary>
    public static bool IsCritical(IGateGuest guest, TimeSpan now) => guest.Urgency == Urgency.Waited && now >= guest.Due - Margin;

    /// <summary>Waits for a turn; disposing what it returns ends the turn.</summary>
    public async Task<IDisposable> EnterAsync(IGateGuest guest, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _line.Add((guest, turn));
        }

        LetIn();
        await using (cancellationToken.Register(() => GiveUp(turn, cancellationToken)))
        {
            await turn.Task;
        }

        return new Stay(this, guest);
    }

    /// <summary>Somebody in line may matter more than before.</summary>
    public void LetIn()
    {
        lock (_gate)
        {
            while (Next() is { } next)
            {
                _line.Remove(next);
                _inside.Add(next.Guest);
                next.Turn.TrySetResult();
            }
        }
    }

    private (IGateGuest Guest, TaskCompletionSource Turn)? Next()
    {
        if (_line.Count == 0 || _inside.Count >= most)
        {
            return null;
        }

        var first = _line.MinBy(e => (e.Guest.Urgency, e.Guest.Due));
        var urgency = first.Guest.Urgency;
        var alike = urgency == Urgency.Waited ? 0 : _inside.Count(g => g.Urgency >= urgency);
        return alike < PlacesFor(urgency) ? first : null;
    }

    private int PlacesFor(Urgency urgency) => urgency switch
    {
        Urgency.Waited => most,
        Urgency.Soon => Math.Max(1, most * 3 / 4),
        _ => Math.Max(1, most / 2),
    };

    private void GiveUp(TaskCompletionSource turn, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Whoever has its turn already ends it in the usual way.
            if (_line.RemoveAll(e => e.Turn == turn) > 0)
            {
                turn.TrySetCanceled(cancellationToken);
            }
        }
    }

    private void Leave(IGateGuest guest)
    {
        lock (_gate)
        {
            _inside.Remove(guest);
        }

        LetIn();
    }

    private sealed class Stay(FetchGate gate, IGateGuest guest) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                gate.Leave(guest);
            }
        }
    }
}
