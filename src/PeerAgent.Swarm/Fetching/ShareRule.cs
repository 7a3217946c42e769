using PeerAgent.Swarm.Assembly;
using PeerAgent.Swarm.Sources;

namespace PeerAgent.Swarm.Fetching;

/// <summary>When it is worth to get one chunk from several sources at once, and who gets how much of it.</summary>
internal sealed class ShareRule(FetchSite site)
{
    /// <summary>Shortest part, in bytes, that a chunk is laid out in before anything is known of how it will go.</summary>
    private const int SmallestShare = 16 << 10;

    /// <summary>The same of what is had again while a player waits.</summary>
    private const int SmallestPiece = 8 << 10;

    private const double MuchFaster = 3;
    private const double UnknownRate = 256 << 10;

    /// <summary>What somebody unknown can be relied on for: he may be slow.</summary>
    private const double LeastRate = 16 << 10;

    private static readonly TimeSpan FastEnough = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan TooEarlyToSay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Hopeless = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan WorthIt = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// Who is to have a part beside the first from the start, and whether at once or when it has time; empty when the first alone is
    /// fast enough.
    /// </summary>
    /// <param name="plan">Knows who can be asked.</param>
    /// <param name="first">The first.</param>
    /// <param name="now">The time.</param>
    /// <param name="wished">When the chunk should be here.</param>
    /// <param name="most">Most sources in all.</param>
    public IReadOnlyList<(Source Source, bool AtOnce)> Companions(FetchPlan plan, Source first, TimeSpan now, TimeSpan wished, int most)
    {
        if (first.IsOrigin || plan.MayNotMix(first, now))
        {
            return [];
        }

        var enough = wished - now > FastEnough ? wished - now : FastEnough;
        var companions = new List<Source> { first };
        while (MayGrow() && plan.NextHelper(now, companions, mayAskOrigin: false) is { } next)
        {
            companions.Add(next);
        }

        var atOnce = companions.Count;
        foreach (var later in plan.SoonToHelp(now).Except(companions))
        {
            if (!MayGrow())
            {
                break;
            }

            companions.Add(later);
        }

        return [.. companions.Select((c, i) => (c, i < atOnce)).Skip(1)];

        bool MayGrow() =>
            companions.Count < most && TimeTogether(companions) > enough && site.UsualSize / (companions.Count + 1) >= SmallestShare;
    }

    /// <summary>Shares of a chunk after the sources' speeds; they add up to 1, and each is worth a request.</summary>
    public IReadOnlyList<double> Shares(IReadOnlyList<Source> sources)
    {
        var least = (double)SmallestShare / site.UsualSize;
        var rates = sources.Select(RateOf).ToList();
        var shares = rates.Select(r => Math.Max(least, r / rates.Sum())).ToList();
        return [.. shares.Select(s => s / shares.Sum())];
    }

    /// <summary>
    /// Bytes that are laid out in these shares, so that all end together if the chunk is as long as usual, and no share but the last,
    /// which runs to the end, begins where the chunk may have ended.
    /// </summary>
    public double LengthToShare(IReadOnlyList<double> shares) => Math.Min(site.UsualSize, site.SureSize / (1 - shares[^1]));

    /// <summary>
    /// Lays stretches of a chunk out among sources so that nobody gets what came from him before, and all end together as far as
    /// each piece is worth a request; somebody unknown gets what he can be relied on for. A stretch that nobody else can give is one
    /// piece, of nobody.
    /// </summary>
    /// <param name="stretches">First byte, the one behind the last, and who gave it before.</param>
    /// <param name="sources">Who can be asked.</param>
    public static IReadOnlyList<(long From, long To, Source? Source)> Across(
        IReadOnlyList<(long From, long To, Source Source)> stretches, IReadOnlyList<Source> sources)
    {
        var busy = sources.ToDictionary(s => s, _ => 0.0);
        var pieces = new List<(long From, long To, Source? Source)>();
        foreach (var (start, to, giver) in stretches.OrderByDescending(s => s.To - s.From))
        {
            var others = sources.Where(s => s != giver).ToList();
            var end = EndTogether(others, busy, to - start);
            var from = start;
            foreach (var (i, other) in others.Index())
            {
                var next = i == others.Count - 1 ? to : Math.Min(to, from + (long)((end - busy[other]) * SureRateOf(other)));
                busy[other] += (next - from) / SureRateOf(other);
                pieces.Add((from, next, other));
                from = next;
            }

            if (others.Count == 0)
            {
                pieces.Add((start, to, null));
            }
        }

        return pieces;
    }

    /// <summary>
    /// How long the attempt will take for the rest of its part: at its present pace, or, before there is one, at the pace that its
    /// source has shown; null when that is short, or not to be told. Of somebody unknown who may be mixed with others and ought to
    /// have sent much by now no more is expected than he can be relied on for.
    /// </summary>
    public TimeSpan? TimeLeft(PartAttempt attempt, ChunkAssembly assembly, bool mayMix, TimeSpan now)
    {
        var rest = RestOf(attempt, assembly);
        var sending = now - attempt.FirstByte ?? TimeSpan.Zero;
        double? seconds = sending >= TooEarlyToSay ? rest * sending.TotalSeconds / attempt.Received
            : attempt.Source.Speed.BytesPerSecond is { } rate ? LatencyLeft(attempt, now) + (Math.Clamp(attempt.Source.Expected, rest, rest * Math.Max(1, attempt.Source.Open)) / rate)
            : mayMix && now - attempt.Started >= FastEnough ? rest / Math.Max(LeastRate, attempt.Received / (now - attempt.Started).TotalSeconds)
            : null;
        return seconds > FastEnough.TotalSeconds ? TimeSpan.FromSeconds(seconds.Value) : null;
    }

    /// <summary>Gives the helper as much of the rest as makes both end together; null when that gains too little.</summary>
    public Part? Divide(PartAttempt slow, Source helper, TimeSpan left, ChunkAssembly assembly)
    {
        var rest = RestOf(slow, assembly);
        var own = rest / left.TotalSeconds;
        var delay = DelayOf(helper);
        var together = delay + (Math.Max(0, rest - (own * delay)) / (own + RateOf(helper)));
        return left - TimeSpan.FromSeconds(together) < WorthIt ? null : assembly.Split(slow.Part, own * together / rest);
    }

    /// <summary>
    /// True when the helper would be done with all that is missing in a third of the time; of somebody unknown that is assumed
    /// only where nothing can be lost.
    /// </summary>
    public bool IsMuchFaster(Source helper, PartAttempt slow, TimeSpan left, ChunkAssembly assembly) =>
        (helper.Speed.Latency is not null || left > Hopeless)
        && (DelayOf(helper) + (RestOf(slow, assembly) / RateOf(helper))) * MuchFaster < left.TotalSeconds;

    /// <summary>When they are done if all end together, in seconds; those to whom less than a share would fall are taken out.</summary>
    private static double EndTogether(List<Source> sources, Dictionary<Source, double> busy, long length)
    {
        while (true)
        {
            var end = (length + sources.Sum(s => busy[s] * SureRateOf(s))) / sources.Sum(SureRateOf);
            if (sources.Count <= 1 || sources.MinBy(s => (end - busy[s]) * SureRateOf(s)) is not { } least || (end - busy[least]) * SureRateOf(least) >= SmallestPiece)
            {
                return end;
            }

            sources.Remove(least);
        }
    }

    /// <summary>How long the sources need for a chunk of the usual size, each for its share.</summary>
    private TimeSpan TimeTogether(List<Source> sources) => TimeSpan.FromSeconds(
        sources.Average(s => s.Speed.Latency?.TotalSeconds ?? 0) + (site.UsualSize / sources.Sum(SureRateOf)));

    private static double SureRateOf(Source source) => source.Speed.BytesPerSecond ?? LeastRate;

    private static double LatencyLeft(PartAttempt attempt, TimeSpan now)
    {
        var left = attempt.FirstByte is null ? attempt.Source.Speed.Latency - (now - attempt.Started) : null;
        return Math.Max(0, left?.TotalSeconds ?? 0);
    }

    /// <summary>Bytes that are missing of its part; where nobody has said yet how long the chunk is, as of a usual one.</summary>
    private double RestOf(PartAttempt attempt, ChunkAssembly assembly)
    {
        var (position, end) = assembly.Bounds(attempt.Part);
        return Math.Max(1, (end ?? site.SureSize) - position);
    }

    private static double DelayOf(Source source) => (source.Speed.Latency?.TotalSeconds ?? 0) + (source.Busy ?? 0);

    private static double RateOf(Source source) => source.Speed.BytesPerSecond ?? UnknownRate;
}
