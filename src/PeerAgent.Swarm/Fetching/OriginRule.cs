using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Fetching;

/// <summary>
/// When an origin is asked. It costs its owner, so the peers come first; but nobody is to wait for them longer than an origin
/// would need.
/// </summary>
internal sealed class OriginRule(FetchSite site, ChunkFetch fetch)
{
    /// <summary>An origin may take so many times as long as it usually does.</summary>
    private const double Caution = 3;

    /// <summary>A player that has so much to play can wait until somebody is free, or somebody else has it.</summary>
    private static readonly TimeSpan Comfort = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Start = TimeSpan.FromMilliseconds(400);

    /// <summary>
    /// A player waits, and has so little to play that there is no time to find out what the peers can do, or has not much and it
    /// is known that they cannot do it in time.
    /// </summary>
    public bool IsNeeded(Source? origin, List<Peer> holders, TimeSpan now) =>
        fetch.Urgency == Urgency.Waited
        && (IsShort(now) || IsLastMoment(origin, now) || (holders.Count > 0 && !HasTime(now) && !MayBeInTime(holders, now)));

    /// <summary>
    /// True for what a player waits for and no peer has (none that will serve us, when there is not much left to play), for what
    /// would come too late from peers, and, where no peer can be asked at all, for all that is urgent.
    /// </summary>
    public bool IsAllowed(Source? origin, List<Peer> holders, TimeSpan now) => fetch.Urgency switch
    {
        Urgency.Waited => !holders.Exists(p => MayStillServe(p.Health.StateAt(now), HasTime(now))),
        Urgency.Soon => IsLastMoment(origin, now)
            || !site.Directory.Peers.Any(p => p.Health.StateAt(now) == SourceState.Usable && p.Poll.Failures == 0),
        _ => false,
    };

    /// <summary>A player waits for a chunk that is on its way, and those at work will be too late.</summary>
    /// <param name="origin">The origin.</param>
    /// <param name="left">How much longer they need; null when nobody can say.</param>
    /// <param name="now">The time.</param>
    public bool MayHelpOut(Source? origin, TimeSpan? left, TimeSpan now) =>
        fetch.Urgency == Urgency.Waited && (IsLastMoment(origin, now) || (IsShort(now) && now + left > fetch.Due));

    /// <summary>
    /// True when an origin has to be asked now if it is to be in time; from what it has shown, or, where it has shown nothing,
    /// from what a surer source usually needs.
    /// </summary>
    public bool IsLastMoment(Source? origin, TimeSpan now)
    {
        if (origin is null || fetch.Latest - now > site.Parts.Options.OriginRescue)
        {
            return false;
        }

        var needs = SourcePicker.Expect(origin, site.UsualSize) is { } seconds
            ? Start + TimeSpan.FromSeconds(seconds * Caution)
            : FetchGate.Margin;
        return fetch.Latest - now <= needs;
    }

    /// <summary>True when whoever waits has so much to play that a peer may yet get free, or another one get the chunk.</summary>
    private bool HasTime(TimeSpan now) => fetch.Due - now > Comfort;

    private static bool MayStillServe(SourceState state, bool hasTime) =>
        state is SourceState.Usable or SourceState.Busy || (hasTime && state == SourceState.Choked);

    private bool IsShort(TimeSpan now) => fetch.Due - now < FetchGate.Margin;

    /// <summary>True when those holders that are known to be good could bring a chunk before it should be here, or nothing is known of one yet.</summary>
    private bool MayBeInTime(List<Peer> holders, TimeSpan now)
    {
        if (holders.Exists(p => (p.Speed.BytesPerSecond is null || p.Speed.IsOldAt(now)) && p.Health.Failures == 0 && p.Health.StateAt(now) == SourceState.Usable))
        {
            return true;
        }

        var good = holders.FindAll(p => p.Health.IsProven && p.Health.StateAt(now) is SourceState.Usable or SourceState.Busy);
        var rate = good.Sum(p => p.Speed.BytesPerSecond ?? 0);
        return rate > 0 && good.Average(p => p.Speed.Latency?.TotalSeconds ?? 0) + (site.UsualSize / rate) < (fetch.Latest - now).TotalSeconds;
    }
}
