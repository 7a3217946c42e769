namespace SwarmEmulation.Measures;

/// <summary>Medians and the like.</summary>
internal static class Statistics
{
    /// <summary>The value below which that share of all lies; 0 of none.</summary>
    public static double Quantile(this IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[(int)Math.Min(sorted.Length - 1, Math.Floor(share * sorted.Length))];
    }

    public static double Median(this IEnumerable<double> values) => values.Quantile(0.5);
}
