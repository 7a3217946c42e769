namespace PeerAgent.Swarm.Upload;

/// <summary>
/// What peers may have at this moment: the limits in force, and less of it while a player of ours waits. Safe for
/// concurrent use.
/// </summary>
internal sealed class UploadBudget
{
    /// <summary>Peers keep one part in so many of the rate while a player waits.</summary>
    private const int RateShare = 4;

    /// <summary>Peers keep one slot in so many while a player waits.</summary>
    private const int SlotShare = 2;

    /// <summary>What is left to peers at least while a player waits and no rate is set, bytes a second.</summary>
    private const long LeastRate = 64 * 1024;

    private readonly UploadSettings _settings;
    private readonly UploadMeter _meter;
    private volatile Allowance _now;
    private bool _playersWait;
    private long _rateBefore;
    private readonly Lock _gate = new();

    public UploadBudget(UploadSettings settings, OwnPlayers players, UploadMeter meter)
    {
        _settings = settings;
        _meter = meter;
        _now = Reckon();
        settings.Changed += Renew;
        players.Changed = PlayersChanged;
    }

    /// <summary>Raised after a change, on the thread that made it.</summary>
    public event Action? Changed;

    /// <summary>What holds now.</summary>
    public Allowance Now => _now;

    private void PlayersChanged(bool wait)
    {
        lock (_gate)
        {
            _playersWait = wait;
            _rateBefore = wait ? _meter.BytesPerSecond : 0;
        }

        Renew();
    }

    private void Renew()
    {
        lock (_gate)
        {
            _now = Reckon();
        }

        Changed?.Invoke();
    }

    private Allowance Reckon()
    {
        var limits = _settings.Current;
        var (slots, rate) = (limits.Slots, limits.MaxBytesPerSecond);
        if (_playersWait)
        {
            slots = (slots + SlotShare - 1) / SlotShare;
            rate = rate is { } set ? Math.Max(1, set / RateShare) : Math.Max(LeastRate, _rateBefore / RateShare);
        }

        return new Allowance(limits.Enabled, slots, rate, limits.MaxBytesPerSecondPerPeer);
    }

    /// <summary>What peers may have.</summary>
    /// <param name="Enabled">False: nothing.</param>
    /// <param name="Slots">Chunks sent at a time.</param>
    /// <param name="BytesPerSecond">All peers together, or null.</param>
    /// <param name="BytesPerSecondPerHost">To one address, or null.</param>
    internal sealed record Allowance(bool Enabled, int Slots, long? BytesPerSecond, long? BytesPerSecondPerHost);
}
