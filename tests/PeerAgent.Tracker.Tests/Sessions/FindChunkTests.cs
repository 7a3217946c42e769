using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.Sessions;

/// <summary>Asking a tracker who holds a chunk.</summary>
public class FindChunkTests
{
    [Fact]
    public async Task Find_chunk_gives_the_holders_without_this_peer()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Holders = [Rig.Info("me"), Rig.Info("holder")];
        var membership = await rig.JoinAndRestAsync(new FakeMember("a"), tracker);

        var peers = await membership.FindChunkAsync(new LevelId("path/name", "video", 2), 17, CancellationToken.None);

        Assert.Equal(["holder"], peers.Select(p => p.PeerId.Value));
        var question = tracker.Messages<ChunkListRequest>().Single();
        Assert.Equal(("a", "path/name", "video", 2, 17L),
            (question.SwarmId.Value, question.ClipName, question.ClipType, question.Level, question.Index));
    }

    [Fact]
    public async Task Find_chunk_is_empty_when_nobody_has_it_and_does_not_disturb_the_session()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        var membership = await rig.JoinAndRestAsync(new FakeMember("a"), tracker);

        Assert.Empty(await membership.FindChunkAsync(FakeMember.Level, 1, CancellationToken.None));
        await rig.PassAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(["CONNECT", "JOIN a", "FIND_PEER a", "STAT_REPORT", "FIND_CHUNK a", "STAT_REPORT"], tracker.Verbs);
    }

    [Fact]
    public async Task Find_chunk_is_asked_once_for_all_who_want_the_same_and_not_again_within_two_seconds()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Holders = [Rig.Info("holder")];
        var membership = await rig.JoinAndRestAsync(new FakeMember("a"), tracker);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => membership.FindChunkAsync(FakeMember.Level, 1, CancellationToken.None)));
        await membership.FindChunkAsync(FakeMember.Level, 1, CancellationToken.None);
        Assert.All(answers, a => Assert.Single(a));
        Assert.Single(tracker.Messages<ChunkListRequest>());

        await rig.PassAsync(TimeSpan.FromSeconds(2.1));
        await membership.FindChunkAsync(FakeMember.Level, 1, CancellationToken.None);
        Assert.Equal(2, tracker.Messages<ChunkListRequest>().Count);
    }

    [Fact]
    public async Task Find_chunk_does_not_flood_the_tracker()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Holders = [Rig.Info("holder")];
        var membership = await rig.JoinAndRestAsync(new FakeMember("a"), tracker);

        for (var i = 0; i < 50; i++)
        {
            await membership.FindChunkAsync(FakeMember.Level, i, CancellationToken.None);
        }

        Assert.Equal(10, tracker.Messages<ChunkListRequest>().Count);
        await rig.PassAsync(TimeSpan.FromSeconds(1));
        for (var i = 50; i < 100; i++)
        {
            await membership.FindChunkAsync(FakeMember.Level, i, CancellationToken.None);
        }

        Assert.Equal(15, tracker.Messages<ChunkListRequest>().Count);
    }

    [Fact]
    public async Task Find_chunk_does_not_wait_for_the_routine()
    {
        await using var rig = new Rig();
        var tracker = await rig.StartTrackerAsync();
        tracker.Holders = [Rig.Info("holder")];
        var membership = await rig.JoinAndRestAsync(new FakeMember("a"), tracker);
        tracker.When(m => m is ReportRequest ? FakeStep.Silence : null);
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.HoldsAsync(() => tracker.Held == 1, "the report hangs");

        Assert.Single(await membership.FindChunkAsync(FakeMember.Level, 1, CancellationToken.None));
    }

    [Fact]
    public async Task Find_chunk_is_empty_while_no_tracker_is_there_and_after_leaving()
    {
        await using var rig = new Rig(("Retries", "0"));
        var tracker = await rig.StartTrackerAsync();
        tracker.Always(FakeStep.Close);
        var membership = rig.Join(new FakeMember("a"), tracker);
        await membership.FirstAttempt;
        Assert.Empty(await membership.FindChunkAsync(FakeMember.Level, 1, CancellationToken.None));

        await membership.DisposeAsync();
        Assert.Empty(await membership.FindChunkAsync(FakeMember.Level, 1, CancellationToken.None));
        Assert.Empty(tracker.Messages<ChunkListRequest>());
    }
}
