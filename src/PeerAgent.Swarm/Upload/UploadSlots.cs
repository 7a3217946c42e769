using System.Net;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Upload;

/// <summary>
/// Lets so many chunks be sent at a time; a few more requests wait a moment, what is due first before what has time, else in
/// turn by host. While more than one host asks, none of them gets more than half of the slots; nor does all that has time.
/// Safe for concurrent use.
/// </summary>
internal sealed class UploadSlots
{
    /// <summary>Longest wait for a slot.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(0.5);

    /// <summary>What is played later than that has time: it does not get the slots that others may need at once.</summary>
    public static readonly TimeSpan HasTime = TimeSpan.FromSeconds(3);

    private const int MostWaiting = 64;
    private const int MostWaitingPerHost = 16;
    private const int MostWaitingPerPeer = 4;

    private readonly Lock _gate = new();
    private readonly UploadBudget _budget;
    private readonly UploadMetrics _metrics;
    private readonly Clock _clock;
    private readonly FairLine<Waiter> _line = new();
    private readonly Dictionary<IPAddress, int> _taken = [];
    private readonly RecentHosts _recent = new();
    private int _active;
    private int _patient;

    public UploadSlots(UploadBudget budget, UploadMetrics metrics, Clock clock)
    {
        _budget = budget;
        _metrics = metrics;
        _clock = clock;
        budget.Changed += Renew;
    }

    /// <summary>Chunks being sent now.</summary>
    public int Active
    {
        get
        {
            lock (_gate)
            {
                return _active;
            }
        }
    }

    /// <summary>Requests that wait for a slot.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _line.Count;
            }
        }
    }

    /// <summary>Waits for a slot. Null when there is none in time; else it is given back by disposing it.</summary>
    public async ValueTask<IDisposable?> EnterAsync(UploadClaim claim, CancellationToken cancellationToken)
    {
        var who = claim.Who;
        var waiter = new Waiter(who.Host, claim.Due - _clock.Now > HasTime);
        lock (_gate)
        {
            _recent.Asked(who.Host, _clock.Now);
            if (_line.CountOf(who.Host) == 0 && MayEnter(who.Host) && MayEnter(waiter))
            {
                return Enter(waiter);
            }

            if (!_budget.Now.Enabled || _line.Count >= MostWaiting
                || _line.CountOf(who.Host) >= MostWaitingPerHost || _line.CountOf(who) >= MostWaitingPerPeer)
            {
                return null;
            }

            _line.Add(who, claim.Due, waiter);
            _metrics.Waiting(1);

            // Those of its host who wait may do so because they have time.
            LetIn();
        }

        var started = _clock.Now;
        using var limit = new CancellationTokenSource(LongestWait, _clock.Provider);
        using var first = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await using var givesUp = first.Token.Register(() => GiveUp(who, waiter));
        var slot = await waiter.Slot.Task;
        _metrics.Waited(slot is not null, _clock.Now - started);
        if (slot is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return slot;
    }

    private bool MayEnter(IPAddress host)
    {
        var slots = _budget.Now.Slots;
        var most = _recent.AnyBut(host, _clock.Now) ? (slots + 1) / 2 : slots;
        return _budget.Now.Enabled && _active < slots && _taken.GetValueOrDefault(host) < most;
    }

    private bool MayEnter(Waiter waiter) => !waiter.HasTime || _patient < (_budget.Now.Slots + 1) / 2;

    private Slot Enter(Waiter waiter)
    {
        _active++;
        _patient += waiter.HasTime ? 1 : 0;
        _taken[waiter.Host] = _taken.GetValueOrDefault(waiter.Host) + 1;
        _metrics.Active(1);
        return new Slot(this, waiter);
    }

    private void Leave(Waiter waiter)
    {
        lock (_gate)
        {
            var host = waiter.Host;
            _active--;
            _patient -= waiter.HasTime ? 1 : 0;
            _metrics.Active(-1);
            if (--_taken[host] == 0)
            {
                _taken.Remove(host);
            }

            LetIn();
        }
    }

    private void GiveUp(Requester who, Waiter waiter)
    {
        lock (_gate)
        {
            if (_line.Remove(who, waiter))
            {
                _metrics.Waiting(-1);
                waiter.Slot.SetResult(null);
            }
        }
    }

    private void Renew()
    {
        lock (_gate)
        {
            if (_budget.Now.Enabled)
            {
                LetIn();
                return;
            }

            foreach (var waiter in _line.Clear())
            {
                _metrics.Waiting(-1);
                waiter.Slot.SetResult(null);
            }
        }
    }

    private void LetIn()
    {
        while (_line.TryTake(_clock.Now, BurdenOf, MayEnter, out var waiter))
        {
            _metrics.Waiting(-1);
            waiter.Slot.SetResult(Enter(waiter));
        }
    }

    private double? BurdenOf(IPAddress host) => MayEnter(host) ? _taken.GetValueOrDefault(host) : null;

    private sealed class Waiter(IPAddress host, bool hasTime)
    {
        public IPAddress Host => host;

        public bool HasTime => hasTime;

        public TaskCompletionSource<IDisposable?> Slot { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Slot(UploadSlots owner, Waiter waiter) : IDisposable
    {
        private int _isFree;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isFree, 1) == 0)
            {
                owner.Leave(waiter);
            }
        }
    }
}
