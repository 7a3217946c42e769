using WireMock.Tests.Agents;
using WireMock.Tests.Server;

namespace WireMock.Tests.Cases;

/// <summary>Answers that are not what the draft prints.</summary>
public sealed class AnswerTests(FakedTrackers trackers)
{
    [Theory]
    [InlineData("wrong-transaction", 4, "its answer belongs to another request (TransactionID differs)")]
    [InlineData("no-transaction", 4, "its answer belongs to another request (TransactionID differs)")]
    [InlineData("oversized", 4, "its answer is longer than 1048576 bytes")]
    [InlineData("malformed-xml", 4, "its answer is not one of a tracker: ")]
    [InlineData("empty-body", 4, "its answer is not one of a tracker: ")]
    [InlineData("html", 4, "its answer is not one of a tracker: ")]
    [InlineData("redirect", 4, "it redirects elsewhere (HTTP status 307); redirects are not followed")]
    [InlineData("no-body-503", 4, "it answered 503 TEMPORARILY OVERLOADED")]
    [InlineData("no-body-404", 1, "it answered 404 OBJECT NOT FOUND")]
    public async Task What_is_no_answer_is_said_in_a_sentence_and_the_next_tracker_serves(string answer, int attempts, string reason)
    {
        await using (var rig = new AgentRig(trackers))
        {
            var outcome = await rig.PassUntilDoneAsync(rig.Join(new Viewer("a"), answer).FirstAttempt);
            Assert.StartsWith(reason, outcome.Failures.Single().Reason, StringComparison.Ordinal);
            Assert.Equal(Enumerable.Repeat("CONNECT", attempts), await rig.VerbsAsync(answer));
        }

        await using (var rig = new AgentRig(trackers))
        {
            Assert.True((await rig.PassUntilDoneAsync(rig.Join(new Viewer("a"), answer, "nobody").FirstAttempt)).IsJoined);
        }
    }

    [Fact]
    public async Task A_redirect_is_never_followed()
    {
        await using var rig = new AgentRig(trackers);
        await rig.PassUntilDoneAsync(rig.Join(new Viewer("a"), "redirect").FirstAttempt);

        Assert.Empty(await rig.SentToAsync("happy"));
    }

    [Theory]
    [InlineData("other-spelling")]
    [InlineData("status-differs")]
    public async Task What_can_be_read_is_believed(string answer)
    {
        await using var rig = new AgentRig(trackers);

        Assert.True((await rig.PassUntilDoneAsync(rig.Join(new Viewer("a"), answer).FirstAttempt)).IsJoined);
        Assert.Equal(["CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT"], await rig.VerbsAsync(answer));
    }

    [Fact]
    public async Task Where_nobody_is_nobody_is_found()
    {
        await using var rig = new AgentRig(trackers);
        var viewer = new Viewer("a");
        var membership = rig.Join(viewer, "nobody");
        Assert.True((await rig.PassUntilDoneAsync(membership.FirstAttempt)).IsJoined);

        Assert.Empty(viewer.Found.Single());
        Assert.Empty(await rig.PassUntilDoneAsync(membership.FindChunkAsync(Viewer.Level, 4, CancellationToken.None)));
        Assert.Equal(["CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT", "FIND_CHUNK a"], await rig.VerbsAsync("nobody"));
    }
}
