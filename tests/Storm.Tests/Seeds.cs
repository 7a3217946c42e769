using System.Globalization;
using Storm.Tests.Running;

namespace Storm.Tests;

/// <summary>
/// Which seeds are run: STORM_SEEDS sets how many, STORM_FIRST the first of them, STORM_OPERATIONS how many operations each
/// has.
/// </summary>
internal static class Seeds
{
    /// <summary>Every second seed.</summary>
    /// <param name="remainder">0 for the even ones, 1 for the odd ones.</param>
    public static TheoryData<int> Half(int remainder) =>
        [.. Enumerable.Range(Number("STORM_FIRST", 1), Number("STORM_SEEDS", 20)).Where(seed => seed % 2 == remainder)];

    /// <summary>Runs one, and fails with what it found.</summary>
    public static async Task RunAsync(int seed, ITestOutputHelper output)
    {
        await PoolWork.LearnAsync();
        var result = await StormRun.RunAsync(seed, Number("STORM_OPERATIONS", 10_000));
        output.WriteLine($"{result}");
        Assert.True(result.Trouble is null, $"{result}");
    }

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
