using PeerAgent.Swarm.Sources;
using PeerAgent.Swarm.Transfer;

namespace PeerAgent.Swarm.Fetching;

/// <summary>Chooses among peers that may all be asked: who is expected to be done first. Pure but for the dice.</summary>
internal static class SourcePicker
{
    /// <summary>How often somebody unknown is tried although others are known to be good.</summary>
    public const double Curiosity = 0.1;

    private const double AsGoodAs = 1.2;
    private const double DefaultRate = 1 << 20;

    /// <summary>The peer to ask, or null when there is none.</summary>
    /// <param name="candidates">Who may be asked.</param>
    /// <param name="size">Bytes the chunk will have, roughly.</param>
    /// <param name="dice">Breaks ties and tries the unknown.</param>
    public static Peer? Pick(IReadOnlyList<Peer> candidates, long size, Dice dice)
    {
        if (candidates.Count <= 1)
        {
            return candidates.Count == 0 ? null : candidates[0];
        }

        var unknown = candidates.Where(p => p.Speed.BytesPerSecond is null && p.Open == 0).ToList();
        if (unknown.Count > 0 && unknown.Count < candidates.Count && dice.Next() < Curiosity)
        {
            return unknown[dice.Next(unknown.Count)];
        }

        var usual = UsualOf(candidates);
        var expected = candidates.Select(p => (Peer: p, Seconds: Expect(p, size, usual))).ToList();
        var best = expected.Min(e => e.Seconds);
        var good = expected.Where(e => e.Seconds <= best * AsGoodAs).Select(e => e.Peer).ToList();
        var nearest = good.Min(p => p.Info.EndPointRankCost);
        good.RemoveAll(p => p.Info.EndPointRankCost != nearest);
        return good[dice.Next(good.Count)];
    }

    /// <summary>Seconds until the chunk would be here; null when the source's speed was never measured.</summary>
    public static double? Expect(Source source, long size) =>
        source.Speed.BytesPerSecond is null ? null : Expect(source, size, (0, DefaultRate));

    private static double Expect(Source source, long size, (double Latency, double Rate) usual)
    {
        var latency = source.Speed.Latency?.TotalSeconds ?? usual.Latency;
        var rate = source.Speed.BytesPerSecond ?? usual.Rate;
        return (latency + (Work(source, size) / rate)) * (1 + source.Health.Failures);
    }

    /// <summary>Bytes that the source sends until it is done with so many more: after what it is at, or sharing its line with that.</summary>
    private static double Work(Source source, long size) => Math.Min(source.Expected + size, size * (source.Open + 1.0));

    /// <summary>What is expected of somebody unknown: to be like the others.</summary>
    private static (double Latency, double Rate) UsualOf(IReadOnlyList<Peer> candidates)
    {
        var known = candidates.Where(p => p.Speed.BytesPerSecond is not null).ToList();
        return known.Count == 0
            ? (0, DefaultRate)
            : (known.Average(p => p.Speed.Latency!.Value.TotalSeconds), known.Average(p => p.Speed.BytesPerSecond!.Value));
    }
}
