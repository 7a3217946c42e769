using WireMock.Tests.Agents;
using WireMock.Tests.Server;

namespace WireMock.Tests.Cases;

/// <summary>Trackers that change their mind. A scenario has one state for all who ask; it begins again in each test.</summary>
public sealed class ScenarioTests(FakedTrackers trackers)
{
    [Fact]
    public async Task Overloaded_twice_then_well_is_joined_with_the_third_attempt()
    {
        await trackers.RestartAsync("overloaded-twice");
        await using var rig = new AgentRig(trackers);

        Assert.True((await rig.PassUntilDoneAsync(rig.Join(new Viewer("a"), "overloaded-twice").FirstAttempt)).IsJoined);

        var sent = await rig.SentToAsync("overloaded-twice");
        Assert.Equal(["CONNECT", "CONNECT", "CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT"], sent.Select(r => r.Verb));
        Assert.Equal(sent[0].Body, sent[2].Body);
    }

    [Fact]
    public async Task One_reset_costs_one_attempt()
    {
        await trackers.RestartAsync("reset-once");
        await using var rig = new AgentRig(trackers);

        Assert.True((await rig.PassUntilDoneAsync(rig.Join(new Viewer("a"), "reset-once").FirstAttempt)).IsJoined);

        Assert.Equal(["CONNECT", "CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT"], await rig.VerbsAsync("reset-once"));
    }

    [Fact]
    public async Task A_tracker_that_forgets_is_told_everything_again()
    {
        await trackers.RestartAsync("forgets");
        await using var rig = new AgentRig(trackers);
        Assert.True((await rig.PassUntilDoneAsync(rig.Join(new Viewer("a"), "forgets").FirstAttempt)).IsJoined);

        await rig.PassUntilAsync(() => rig.CountTo("forgets") >= 9, "the tracker knows everything again");

        Assert.Equal(
            ["CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT", "STAT_REPORT", "CONNECT", "JOIN a", "STAT_REPORT", "FIND_PEER a"],
            await rig.VerbsAsync("forgets"));
    }

    [Fact]
    public async Task A_tracker_that_forgets_at_once_is_left_politely_and_joined_in_the_next_round()
    {
        await trackers.RestartAsync("forgets-at-once");
        await using var rig = new AgentRig(trackers);
        var membership = rig.Join(new Viewer("a"), "forgets-at-once");

        await rig.PassUntilAsync(() => membership.FirstJoined.IsCompletedSuccessfully, "the swarm is joined");

        var verbs = await rig.VerbsAsync("forgets-at-once");
        Assert.Equal(["CONNECT", "JOIN a", "DISCONNECT", "CONNECT", "JOIN a"], verbs.Take(5));
    }

    [Fact]
    public async Task A_tracker_of_another_version_is_not_asked_twice_while_another_serves()
    {
        await using var rig = new AgentRig(trackers);

        Assert.True((await rig.PassUntilDoneAsync(rig.Join(new Viewer("a"), "version-2-only", "happy").FirstAttempt)).IsJoined);
        await rig.PassAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(["CONNECT"], await rig.VerbsAsync("version-2-only"));
    }

    [Fact]
    public async Task A_tracker_that_wants_a_token_gets_it()
    {
        await using var rig = new AgentRig(trackers);

        Assert.True((await rig.PassUntilDoneAsync(rig.Join(new Viewer("a"), "needs-token").FirstAttempt)).IsJoined);
    }
}
