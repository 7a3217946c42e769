using PeerAgent.Tracker.Sessions;
using WireMock.Tests.Agents;
using WireMock.Tests.Server;

namespace WireMock.Tests.Cases;

/// <summary>Each error of Table 2 (draft-cruz-ppsp-http-tracker-protocol-01, section 4.2) to CONNECT, and where to turn then.</summary>
public sealed class RefusalTests(FakedTrackers trackers)
{
    [Theory]
    [InlineData("invalid-syntax", 1, "it answered 400 INVALID SYNTAX")]
    [InlineData("version-not-supported", 1, "it answered 400 VERSION NOT SUPPORTED")]
    [InlineData("authentication-required", 1, "it answered 401 AUTHENTICATION REQUIRED")]
    [InlineData("message-forbidden", 1, "it answered 403 MESSAGE FORBIDDEN")]
    [InlineData("object-not-found", 1, "it answered 404 OBJECT NOT FOUND")]
    [InlineData("internal-error", 4, "it answered 500 INTERNAL ERROR")]
    [InlineData("temporarily-overloaded", 4, "it answered 503 TEMPORARILY OVERLOADED")]
    public async Task A_refused_CONNECT_is_repeated_only_where_another_attempt_can_help(string error, int attempts, string reason)
    {
        await using var rig = new AgentRig(trackers);

        var outcome = await rig.PassUntilDoneAsync(rig.Join(new Viewer("a"), error).FirstAttempt);

        Assert.False(outcome.IsJoined);
        Assert.Equal([new JoinFailure(trackers.Url(error).AbsoluteUri, reason)], outcome.Failures);
        var sent = await rig.SentToAsync(error);
        Assert.Equal(Enumerable.Repeat("CONNECT", attempts), sent.Select(r => r.Verb));
        Assert.All(sent, r => Assert.Equal(sent[0].Body, r.Body));
    }

    [Theory]
    [InlineData("invalid-syntax")]
    [InlineData("version-not-supported")]
    [InlineData("authentication-required")]
    [InlineData("message-forbidden")]
    [InlineData("object-not-found")]
    [InlineData("internal-error")]
    [InlineData("temporarily-overloaded")]
    public async Task After_a_refused_CONNECT_the_next_tier_serves(string error)
    {
        await using var rig = new AgentRig(trackers);

        var outcome = await rig.PassUntilDoneAsync(rig.Join(new Viewer("a"), error, "happy").FirstAttempt);

        Assert.True(outcome.IsJoined);
        Assert.Equal(["CONNECT"], (await rig.VerbsAsync(error)).Distinct());
        Assert.Equal(["CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT"], await rig.VerbsAsync("happy"));
    }

    [Fact]
    public async Task A_tracker_that_refused_for_a_while_serves_in_a_later_round()
    {
        await using var rig = new AgentRig(trackers);
        var path = $"path-{Guid.NewGuid():N}";
        SwarmMembership membership;
        await using (await trackers.ChangeAsync(path, new() { ["status"] = 503 }))
        {
            membership = rig.Join(new Viewer("a"), path);
            Assert.False((await rig.PassUntilDoneAsync(membership.FirstAttempt)).IsJoined);
        }

        await rig.PassUntilAsync(() => membership.FirstJoined.IsCompletedSuccessfully, "the swarm is joined");
    }

    [Fact]
    public async Task Retry_after_is_heeded()
    {
        await using var rig = new AgentRig(trackers, ("RequestTimeout", "00:00:03"));
        var start = rig.Time.GetUtcNow();

        Assert.False((await rig.PassUntilDoneAsync(rig.Join(new Viewer("a"), "retry-after").FirstAttempt)).IsJoined);

        // Two attempts with five seconds and a bit between them; a third would be too late for the budget of twelve seconds.
        Assert.InRange((await rig.SentToAsync("retry-after")).Count, 2, 3);
        Assert.InRange(rig.Time.GetUtcNow() - start, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(12));
    }
}
