using WireMock.Tests.Agents;
using WireMock.Tests.Server;

namespace WireMock.Tests.Cases;

/// <summary>Trackers that answer late, or never.</summary>
public sealed class DelayTests(FakedTrackers trackers)
{
    private static readonly (string, string) TimeOut = ("RequestTimeout", "00:00:03");

    [Theory]
    [InlineData("slow")]
    [InlineData("jitter")]
    [InlineData("dribble")]
    public async Task A_slow_tracker_is_a_good_tracker(string delay)
    {
        await using var rig = new AgentRig(trackers);

        // Its real delay passes; the clock of the time-out stands still.
        var viewer = new Viewer("a");
        Assert.True((await rig.Join(viewer, delay).FirstAttempt.WaitAsync(Eventually.Deadline)).IsJoined);

        Assert.Equal(["CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT"], await rig.VerbsAsync(delay));
        Assert.Equal(2, viewer.Found.Single().Count);
    }

    [Theory]
    [InlineData("black-hole")]
    [InlineData("stalls")]
    public async Task An_answer_that_does_not_end_in_time_is_none(string delay)
    {
        await using var rig = new AgentRig(trackers, TimeOut, ("Retries", "1"));
        var start = rig.Time.GetUtcNow();

        var outcome = await rig.PassWhileHeldUntilDoneAsync(rig.Join(new Viewer("a"), delay).FirstAttempt);

        Assert.Equal("it did not answer within 3 s", outcome.Failures.Single().Reason);
        Assert.Equal(["CONNECT", "CONNECT"], await rig.VerbsAsync(delay));
        Assert.InRange(rig.Time.GetUtcNow() - start, TimeSpan.FromSeconds(5.5), TimeSpan.FromSeconds(6.5));
    }

    [Fact]
    public async Task With_another_tracker_at_hand_a_silent_one_costs_one_time_out()
    {
        await using var rig = new AgentRig(trackers, TimeOut);
        var start = rig.Time.GetUtcNow();

        Assert.True((await rig.PassWhileHeldUntilDoneAsync(rig.Join(new Viewer("a"), "black-hole", "happy").FirstAttempt)).IsJoined);

        Assert.Equal(["CONNECT"], await rig.VerbsAsync("black-hole"));
        Assert.InRange(rig.Time.GetUtcNow() - start, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4));
    }

    [Theory]
    [InlineData("join")]
    [InlineData("find_peer")]
    [InlineData("stat_report")]
    public async Task Silence_to_one_method_leads_to_the_next_tracker(string method)
    {
        await using var rig = new AgentRig(trackers, TimeOut);

        Assert.True((await rig.PassWhileHeldUntilDoneAsync(rig.Join(new Viewer("a"), $"black-hole/{method}", "happy").FirstAttempt)).IsJoined);

        Assert.Equal(method.ToUpperInvariant(), (await rig.VerbsAsync($"black-hole/{method}"))[^1].Split(' ')[0]);
    }

    [Fact]
    public async Task A_question_for_a_chunk_that_is_never_answered_ends()
    {
        await using var rig = new AgentRig(trackers, TimeOut);
        var membership = rig.Join(new Viewer("a"), "black-hole/find_chunk");
        Assert.True((await rig.PassUntilDoneAsync(membership.FirstAttempt)).IsJoined);

        Assert.Empty(await rig.PassWhileHeldUntilDoneAsync(membership.FindChunkAsync(Viewer.Level, 4, CancellationToken.None)));
    }
}
