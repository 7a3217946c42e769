using PeerAgent.Swarm.Assembly;
using PeerAgent.Swarm.Sources;

namespace PeerAgent.Swarm.Fetching;

/// <summary>When it is worth to get one chunk from several sources at once, and who gets how much of it.</summary>
internal sealed class ShareRule(FetchSite site)
{
    private const double MuchFaster = 3;
    private const double UnknownRate = 256 << 10;
    private static readonly TimeSpan FastEnough = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan TooEarlyToSay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WorthIt = TimeSpan.FromMilliseconds(150);

    /// <summary>Who is to be asked beside the first from the start; empty when that is fast enough alone.</summary>
    public IReadOnlyList<Source> Companions(FetchPlan plan, Source first, TimeSpan now, int most)
    {
        if (first.IsOrigin || (SourcePicker.Expect(first, site.UsualSize) is { } seconds && TimeSpan.FromSeconds(seconds) < FastEnough))
        {
            return [];
        }

        var companions = new List<Source> { first };
        while (companions.Count < most
            && site.UsualSize / (companions.Count + 1) >= ChunkAssembly.SmallestPart
            && plan.NextHelper(now, companions, mayAskOrigin: false) is { } next)
        {
            companions.Add(next);
        }

        return companions[1..];
    }

    /// <summary>Shares of a chunk after the sources' speeds; they add up to 1, and each is worth a request.</summary>
    public IReadOnlyList<double> Shares(IReadOnlyList<Source> sources)
    {
        var least = (double)ChunkAssembly.SmallestPart / site.UsualSize;
        var rates = sources.Select(RateOf).ToList();
        var shares = rates.Select(r => Math.Max(least, r / rates.Sum())).ToList();
        return [.. shares.Select(s => s / shares.Sum())];
    }

    /// <summary>How long the attempt will take for the rest of its part at its present pace; null when that is short, or not to be told.</summary>
    public static TimeSpan? TimeLeft(PartAttempt attempt, ChunkAssembly assembly, TimeSpan now)
    {
        var (position, end) = assembly.Bounds(attempt.Part);
        var passed = now - attempt.Started;
        if (end is null || passed < TooEarlyToSay || attempt.Received == 0)
        {
            return null;
        }

        var left = passed * ((end.Value - position) / (double)attempt.Received);
        return left > FastEnough ? left : null;
    }

    /// <summary>Gives the helper as much of the rest as makes both end together; null when that gains too little.</summary>
    public static Part? Divide(PartAttempt slow, Source helper, TimeSpan left, ChunkAssembly assembly)
    {
        var (position, end) = assembly.Bounds(slow.Part);
        var rest = (double)(end!.Value - position);
        var own = rest / left.TotalSeconds;
        var latency = helper.Speed.Latency?.TotalSeconds ?? 0;
        var together = latency + (Math.Max(0, rest - (own * latency)) / (own + RateOf(helper)));
        return left - TimeSpan.FromSeconds(together) < WorthIt ? null : assembly.Split(slow.Part, own * together / rest);
    }

    /// <summary>True when the helper would be done with all that is missing in a third of the time.</summary>
    public static bool IsMuchFaster(Source helper, PartAttempt slow, TimeSpan left, ChunkAssembly assembly)
    {
        var (position, end) = assembly.Bounds(slow.Part);
        var seconds = (helper.Speed.Latency?.TotalSeconds ?? 0) + ((end!.Value - position) / RateOf(helper));
        return seconds * MuchFaster < left.TotalSeconds;
    }

    private static double RateOf(Source source) => (source.Speed.BytesPerSecond ?? UnknownRate) / (source.Open + 1);
}
