namespace PeerAgent.Swarm.Upload;

/// <summary>Tells what peers take from us. Safe for concurrent use.</summary>
public sealed class UploadWatch
{
    private readonly UploadBudget _budget;
    private readonly UploadSlots _slots;
    private readonly UploadMeter _meter;
    private readonly OwnPlayers _players;
    private readonly ChokeBoard _chokes;

    internal UploadWatch(UploadBudget budget, UploadSlots slots, UploadMeter meter, OwnPlayers players, ChokeBoard chokes) =>
        (_budget, _slots, _meter, _players, _chokes) = (budget, slots, meter, players, chokes);

    /// <summary>As it is now.</summary>
    public UploadUse Now => new()
    {
        ActiveUploads = _slots.Active,
        WaitingRequests = _slots.Waiting,
        BytesPerSecond = _meter.BytesPerSecond,
        TotalBytes = _meter.TotalBytes,
        PlayersWaiting = _players.Count,
        SlotsNow = _budget.Now.Slots,
        MaxBytesPerSecondNow = _budget.Now.BytesPerSecond,
        ChokedPeers = _chokes.Choked,
    };
}
