using PeerAgent.Tracker.Tests.Sessions;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.Client;

/// <summary>What a huge answer costs; runs beside no other test, because it measures the whole process.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public class HugeAnswerTests
{
    public const string Name = "alone";

    private const long MaxAllocated = 16 << 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fifty_megabytes_are_not_taken_into_memory(bool gzip)
    {
        await using var rig = new Rig(("Retries", "0"));
        var tracker = await rig.StartTrackerAsync();
        tracker.Next(FakeStep.HugeBody(2 << 20, gzip), FakeStep.HugeBody(50_000_000, gzip));
        var membership = rig.Join(new FakeMember("warm"), tracker);
        await rig.RestAsync();
        Assert.False((await membership.FirstAttempt).IsJoined);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        await rig.RestAsync();
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.Equal(["CONNECT", "CONNECT"], tracker.Verbs);
        Assert.Equal("its answer is longer than 1048576 bytes", membership.Trackers.Single().LastError);
        Assert.InRange(allocated, 1 << 20, MaxAllocated);
    }
}
