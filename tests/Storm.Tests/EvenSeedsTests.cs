namespace Storm.Tests;

/// <summary>
/// Random operations on the agent's rooms, among made-up peers, on a made-up clock, with real files. Half of the seeds; the
/// other half runs beside it.
/// </summary>
public sealed class EvenSeedsTests(ITestOutputHelper output)
{
    public static TheoryData<int> All() => Seeds.Half(remainder: 0);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(All))]
    public Task Whatever_happens_the_bytes_are_right_and_nothing_is_left_behind(int seed) => Seeds.RunAsync(seed, output);
}
