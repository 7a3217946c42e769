using System.Globalization;
using System.Text;
using SwarmEmulation.Swarms;

namespace SwarmEmulation.Measures;

/// <summary>How swarms are printed.</summary>
internal static class SwarmTable
{
    private static readonly CompositeFormat Shape = CompositeFormat.Parse(
        "{0,-36} {1,11} {12,11} {2,11} {3,11} {4,13} {5,6} {6,8} {7,11} {8,6} {9,6} {10,7} {11,7}");

    /// <summary>The names of the columns.</summary>
    public static string Head => string.Format(
        CultureInfo.InvariantCulture, Shape,
        "swarm", "start-up", "seek", "first byte", "stalls", "errors", "offload", "of ceiling", "twice", "wasted", "seeder", "line/ag", "POST alone");

    /// <summary>One line.</summary>
    public static string Line(Scenario scenario, IReadOnlyList<SwarmResult> swarms)
    {
        var viewers = swarms.SelectMany(s => s.Viewers).ToList();
        double fromPeers = viewers.Sum(v => v.State!.FromPeers);
        double fromOrigin = viewers.Sum(v => v.State!.FromOrigin);
        var all = fromPeers + fromOrigin;
        double kept = swarms.Sum(s => s.Viewers.Sum(v => v.State!.Held) * s.Film.ChunkBytes);
        double lines = swarms.Sum(s => s.LineBytes + s.OriginLineBytes);
        var unfinished = viewers.Count(v => !v.Finished);
        return string.Format(
            CultureInfo.InvariantCulture, Shape,
            scenario.Name,
            Pair(viewers.Select(v => v.StartUp)),
            Pair(viewers.SelectMany(v => v.Seeks)),
            Pair(viewers.SelectMany(v => v.FirstBytes)),
            FormattableString.Invariant($"{viewers.Sum(v => v.Stalls)} ({viewers.Sum(v => v.StalledFor) / 1000:0.0} s)"),
            viewers.Sum(v => v.Failures),
            Share(fromPeers / all),
            Share(fromPeers / all / scenario.Ceiling),
            Share((all - kept) / all),
            Share(viewers.Sum(v => v.State!.Wasted) / all),
            Share(swarms.Sum(s => s.HolderBytes) / Math.Max(1.0, swarms.Sum(s => s.LineBytes))),
            (lines / all).ToString("0.00", CultureInfo.InvariantCulture),
            Pair(viewers.Select(v => v.Posted))) + (unfinished > 0 ? $"   {unfinished} did not finish" : "");
    }

    private static string Pair(IEnumerable<double> values)
    {
        var all = values.ToList();
        return all.Count == 0 ? "-" : FormattableString.Invariant($"{all.Median():0}/{all.Quantile(0.95):0}");
    }

    private static string Share(double value) => value.ToString("0.0 %", CultureInfo.InvariantCulture);
}
