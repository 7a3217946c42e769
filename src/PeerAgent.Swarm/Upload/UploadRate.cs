using System.Net;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Upload;

/// <summary>
/// Holds what is sent to so many bytes a second, in all and to each host, and shares them out in small pieces: of what is due
/// the next one goes to the host that has had the least, within the host to each PeerID in turn; where nothing is due, to
/// what is due first. Who waits for that gets a few bytes now and then, or would take us for dead. Safe for concurrent use.
/// </summary>
internal sealed class UploadRate : IDisposable
{
    private const int LargestPiece = 64 * 1024;
    private const int SmallestPiece = 256;
    private const int PiecesPerSecond = 16;
    private const int SignOfLife = 512;
    private const int MostAccounts = 1024;

    /// <summary>What a host that was busy writing for a moment may catch up on, in pieces.</summary>
    private const int CatchUp = 4;

    private static readonly TimeSpan LongLate = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(0.4);

    /// <summary>Pieces that fall due within such a time go out together.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(2);

    private readonly Lock _gate = new();
    private readonly UploadBudget _budget;
    private readonly Clock _clock;
    private readonly ChokeBoard _chokes;
    private readonly ITimer _timer;
    private readonly FairLine<Waiter> _line = new();
    private readonly Dictionary<IPAddress, HostAccount> _accounts = [];
    private readonly TokenBucket _total = new();
    private double _turn;

    public UploadRate(UploadBudget budget, ChokeBoard chokes, Clock clock)
    {
        _chokes = chokes;
        _budget = budget;
        _clock = clock;
        _timer = clock.Provider.CreateTimer(_ => Share(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        budget.Changed += Renew;
    }

    /// <summary>Waits until something may be sent.</summary>
    /// <param name="claim">To whom, and when it is due.</param>
    /// <param name="wanted">How many bytes there are to send, 1 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many may be sent now, at most <paramref name="wanted"/>; 0 when uploads are switched off.</returns>
    public async ValueTask<int> TakeAsync(UploadClaim claim, int wanted, CancellationToken cancellationToken)
    {
        var now = _budget.Now;
        if (!now.Enabled)
        {
            return 0;
        }

        if (now is { BytesPerSecond: null, BytesPerSecondPerHost: null })
        {
            return Math.Min(wanted, LargestPiece);
        }

        var who = claim.Who;
        var waiter = new Waiter(who, wanted, claim.Due, _clock.Now + LongestSilence);
        lock (_gate)
        {
            Open(who.Host);
            _line.Add(who, claim.Due, waiter);
        }

        Share();
        await using var givesUp = cancellationToken.Register(() => GiveUp(who, waiter, cancellationToken));
        return await waiter.Piece.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _budget.Changed -= Renew;
        _timer.Dispose();
    }

    /// <summary>Gives out what there is.</summary>
    private void Share()
    {
        lock (_gate)
        {
            var (now, budget) = (_clock.Now, _budget.Now);
            if (budget.BytesPerSecond is { } rate)
            {
                _total.Refill(now, rate);
            }

            foreach (var silent in _line.Items.Where(w => w.IsSilentAt(now) && MayGrant(budget) && BurdenOf(w.Who.Host, budget, now) is not null))
            {
                _line.Remove(silent.Who, silent);
                Grant(silent, SignOfLife, budget);
            }

            while (MayGrant(budget) && _line.TryTake(now, h => BurdenOf(h, budget, now), out var next))
            {
                Grant(next, PieceOf(budget), budget);
                if (now - next.Due > LongLate)
                {
                    _chokes.Late();
                }
            }

            if (_line.Count > 0)
            {
                var due = DueIn(budget);
                _timer.Change(due > ShortestWait ? due : ShortestWait, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private bool MayGrant(UploadBudget.Allowance budget) => budget.BytesPerSecond is null || _total.HasAny;

    private double? BurdenOf(IPAddress host, UploadBudget.Allowance budget, TimeSpan now)
    {
        var account = _accounts[host];
        if (budget.BytesPerSecondPerHost is { } rate)
        {
            account.Bucket.Refill(now, rate);
            if (!account.Bucket.HasAny)
            {
                return null;
            }
        }

        return account.Granted;
    }

    private void Grant(Waiter next, int most, UploadBudget.Allowance budget)
    {
        var account = _accounts[next.Who.Host];
        var piece = Math.Min(next.Wanted, most);
        _turn = account.Granted;
        account.Granted += piece;
        _total.Take(budget.BytesPerSecond is null ? 0 : piece);
        account.Bucket.Take(budget.BytesPerSecondPerHost is null ? 0 : piece);
        next.Piece.SetResult(piece);
    }

    private TimeSpan DueIn(UploadBudget.Allowance budget)
    {
        if (budget.BytesPerSecond is { } rate && !_total.HasAny)
        {
            return _total.UntilAny(rate);
        }

        return budget.BytesPerSecondPerHost is { } each ? _line.Hosts.Min(h => _accounts[h].Bucket.UntilAny(each)) : TimeSpan.Zero;
    }

    private static int PieceOf(UploadBudget.Allowance budget)
    {
        var rate = Math.Min(budget.BytesPerSecond ?? long.MaxValue, budget.BytesPerSecondPerHost ?? long.MaxValue);
        return (int)Math.Clamp(rate / PiecesPerSecond, SmallestPiece, LargestPiece);
    }

    /// <summary>The host takes part from here on; the past is no claim, but for a few pieces.</summary>
    private void Open(IPAddress host)
    {
        if (!_accounts.TryGetValue(host, out var account))
        {
            MakeRoom();
            account = _accounts[host] = new HostAccount { Granted = _turn };
        }

        if (_line.CountOf(host) == 0)
        {
            account.Granted = Math.Max(account.Granted, _turn - (CatchUp * PieceOf(_budget.Now)));
        }
    }

    private void MakeRoom()
    {
        if (_accounts.Count < MostAccounts)
        {
            return;
        }

        var rate = _budget.Now.BytesPerSecondPerHost;
        foreach (var host in _accounts.Keys.Where(h => _line.CountOf(h) == 0).ToList())
        {
            if (rate is { } each)
            {
                _accounts[host].Bucket.Refill(_clock.Now, each);
            }

            if (rate is null || _accounts[host].Bucket.IsFull(rate.Value))
            {
                _accounts.Remove(host);
            }
        }
    }

    private void GiveUp(Requester who, Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_line.Remove(who, waiter))
            {
                waiter.Piece.SetCanceled(cancellationToken);
            }
        }
    }

    private void Renew()
    {
        lock (_gate)
        {
            var (now, budget) = (_clock.Now, _budget.Now);
            if (!budget.Enabled)
            {
                foreach (var waiter in _line.Clear())
                {
                    waiter.Piece.SetResult(0);
                }
            }

            // A debt from a much higher rate would stop everything for a long time.
            _total.Limit(budget.BytesPerSecond ?? long.MaxValue);
            foreach (var account in _accounts.Values)
            {
                account.Bucket.Limit(budget.BytesPerSecondPerHost ?? long.MaxValue);
            }
        }

        Share();
    }

    private sealed class Waiter(Requester who, int wanted, TimeSpan due, TimeSpan silentFrom)
    {
        public Requester Who => who;

        public int Wanted => wanted;

        public TimeSpan Due => due;

        /// <summary>True when others, whose chunks are due before, have kept it waiting too long.</summary>
        public bool IsSilentAt(TimeSpan now) => now >= silentFrom && now < due;

        public TaskCompletionSource<int> Piece { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
