using WireMock.Tests.Agents;
using WireMock.Tests.Server;

namespace WireMock.Tests.Cases;

/// <summary>Connections that break in the four ways that WireMock knows.</summary>
public sealed class FaultTests(FakedTrackers trackers)
{
    private const string Broke = "the connection broke before its answer was complete";
    private static readonly string[] Faults =
        ["empty-response", "malformed-response-chunk", "random-data-then-close", "connection-reset-by-peer"];

    public static TheoryData<string> AllFaults() => [.. Faults];

    [Theory]
    [MemberData(nameof(AllFaults))]
    public async Task A_broken_connection_is_tried_again_and_then_reported_in_one_sentence(string fault)
    {
        await using var rig = new AgentRig(trackers);

        var outcome = await rig.PassUntilDoneAsync(rig.Join(new Viewer("a"), fault).FirstAttempt);

        Assert.False(outcome.IsJoined);
        Assert.Contains(outcome.Failures.Single().Reason, (string[])[Broke, "what it sends is not HTTP"]);
        Assert.Equal(["CONNECT", "CONNECT", "CONNECT", "CONNECT"], await rig.VerbsAsync(fault));
    }

    [Theory]
    [MemberData(nameof(AllFaults))]
    public async Task The_next_tier_serves_instead(string fault)
    {
        await using var rig = new AgentRig(trackers);

        Assert.True((await rig.PassUntilDoneAsync(rig.Join(new Viewer("a"), fault, "happy").FirstAttempt)).IsJoined);

        Assert.Equal(["CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT"], await rig.VerbsAsync("happy"));
    }

    [Theory]
    [MemberData(nameof(AllFaults))]
    public async Task A_tracker_that_breaks_in_the_middle_is_replaced_and_the_next_one_told_everything(string fault)
    {
        await using var rig = new AgentRig(trackers);
        var path = $"path-{Guid.NewGuid():N}";
        var membership = rig.Join(new Viewer("a"), path, "happy");
        Assert.True((await rig.PassUntilDoneAsync(membership.FirstAttempt)).IsJoined);
        await using var change = await trackers.ChangeAsync(path, new() { ["fault"] = fault.ToUpperInvariant().Replace('-', '_') });

        await rig.PassUntilAsync(() => rig.CountTo("happy") == 4, "the next tracker serves");

        Assert.Equal(["CONNECT", "JOIN a", "STAT_REPORT", "FIND_PEER a"], await rig.VerbsAsync("happy"));
    }

    [Theory]
    [MemberData(nameof(AllFaults))]
    public async Task A_goodbye_ends_although_nobody_answers_it(string fault)
    {
        await using var rig = new AgentRig(trackers);
        var path = $"path-{Guid.NewGuid():N}";
        var membership = rig.Join(new Viewer("a"), path);
        await rig.PassUntilDoneAsync(membership.FirstAttempt);
        await using var change = await trackers.ChangeAsync(path, new() { ["fault"] = fault.ToUpperInvariant().Replace('-', '_') });
        var start = rig.Time.GetUtcNow();

        await rig.PassUntilDoneAsync(LeaveAsync());

        Assert.InRange(rig.Time.GetUtcNow() - start, TimeSpan.Zero, TimeSpan.FromSeconds(3.5));

        async Task<bool> LeaveAsync()
        {
            await membership.LeaveAsync(CancellationToken.None);
            return true;
        }
    }

    [Fact]
    public async Task A_tracker_that_keeps_failing_is_left_alone_for_a_while()
    {
        await using var rig = new AgentRig(trackers);
        var membership = rig.Join(new Viewer("a"), "empty-response");
        await rig.PassUntilDoneAsync(membership.FirstAttempt);

        await rig.PassUntilAsync(() => membership.Trackers[0].LastError?.Contains("left alone", StringComparison.Ordinal) == true, "it is left alone");

        Assert.Equal(8, (await rig.SentToAsync("empty-response")).Count);
    }
}
