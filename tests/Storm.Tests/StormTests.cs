using System.Globalization;
using Storm.Tests.Running;

namespace Storm.Tests;

/// <summary>
/// Random operations on the agent's rooms, among made-up peers, on a made-up clock, with real files. STORM_SEEDS sets how
/// many seeds are run, STORM_FIRST the first of them, STORM_OPERATIONS how many operations each has.
/// </summary>
public sealed class StormTests(ITestOutputHelper output)
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(Number("STORM_FIRST", 1), Number("STORM_SEEDS", 20))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_happens_the_bytes_are_right_and_nothing_is_left_behind(int seed)
    {
        await PoolWork.LearnAsync();
        var result = await StormRun.RunAsync(seed, Number("STORM_OPERATIONS", 10_000));
        output.WriteLine($"{result}");
        Assert.True(result.Trouble is null, $"{result}");
    }

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
