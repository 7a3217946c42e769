using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Messages;

namespace ReferenceTracker.Tests.Hosting;

/// <summary>FIND_PEER, FIND_CHUNK and STAT_REPORT: decisions 10, 11, 12, 14 and 15.</summary>
public sealed class ListTests
{
    [Fact]
    public async Task An_unknown_swarm_is_not_found_and_a_known_one_may_be_empty()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.FindPeer("a", "unknown")));
        var answer = await tracker.SendAsync(tracker.FindPeer("a", "s"));
        Assert.Equal(ResponseCode.Ok, answer.Code);
        Assert.Empty(answer.Peers!);
        Assert.Equal("s", answer.SwarmId!.Value.Value);
    }

    [Fact]
    public async Task A_list_may_be_asked_for_without_joining()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        await tracker.CodeAsync(tracker.Report("a", Holdings.In("s", Holdings.Level("1"))));
        await tracker.CodeAsync(tracker.Connect("guest", "10.0.0.1:1"));
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindPeer("guest", "s")));
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindChunk("guest", "s", 0)));
    }

    [Fact]
    public async Task A_list_has_at_most_so_many_peers_and_they_differ_from_time_to_time()
    {
        await using var tracker = await RunningTracker.StartAsync("Peers:ListSize=3");
        for (var i = 0; i < 12; i++)
        {
            await tracker.EnterAsync($"p{i}", "s");
        }

        var seen = new HashSet<string>();
        for (var i = 0; i < 30; i++)
        {
            var list = await tracker.ListAsync(tracker.FindPeer("p0", "s"));
            Assert.Equal(3, list.Distinct().Count());
            Assert.DoesNotContain("p0", list);
            seen.UnionWith(list);
        }

        Assert.Equal(11, seen.Count);
    }

    [Fact]
    public async Task A_chunk_that_nobody_else_holds_is_not_found()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        await tracker.EnterAsync("b", "s");
        await tracker.CodeAsync(tracker.Report("a", Holdings.In("s", Holdings.Level("1101"))));
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindChunk("b", "s", 3)));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.FindChunk("b", "s", 2)));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.FindChunk("b", "s", 4)));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.FindChunk("a", "s", 3)));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.FindChunk("b", "unknown", 3)));
    }

    [Fact]
    public async Task A_chunk_is_asked_for_by_clip_type_and_level_and_without_them_in_any()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("asker", "s");
        await tracker.EnterAsync("base", "s");
        await tracker.EnterAsync("upper", "s");
        await tracker.EnterAsync("sound", "s");
        await tracker.CodeAsync(tracker.Report("base", Holdings.In("s", Holdings.Level("1"))));
        await tracker.CodeAsync(tracker.Report("upper", Holdings.In("s", Holdings.Level("1", level: 1))));
        await tracker.CodeAsync(tracker.Report("sound", Holdings.In("s", Holdings.Level("1", type: "audio"))));

        Assert.Equal(["base"], await tracker.ListAsync(tracker.FindChunk("asker", "s", 0)));
        Assert.Equal(["upper"], await tracker.ListAsync(tracker.FindChunk("asker", "s", 0, level: 1)));
        Assert.Equal(["sound"], await tracker.ListAsync(tracker.FindChunk("asker", "s", 0, type: "audio")));
        Assert.Equal(["base", "sound"], (await tracker.ListAsync(tracker.FindChunk("asker", "s", 0, clip: null, type: null))).Order());
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.FindChunk("asker", "s", 0, clip: "other")));
    }

    [Fact]
    public async Task Who_holds_something_of_the_clip_is_listed_first()
    {
        await using var tracker = await RunningTracker.StartAsync("Peers:ListSize=3");
        for (var i = 0; i < 10; i++)
        {
            await tracker.EnterAsync($"p{i}", "s");
        }

        await tracker.CodeAsync(tracker.Report("p7", Holdings.In("s", Holdings.Level("01"))));
        for (var i = 0; i < 5; i++)
        {
            var list = await tracker.ListAsync(tracker.FindPeer("p0", "s", "film"));
            Assert.Equal(3, list.Count);
            Assert.Equal("p7", list[0]);
        }
    }

    [Fact]
    public async Task A_later_report_replaces_the_levels_it_names_and_leaves_the_others()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        await tracker.EnterAsync("b", "s");
        await tracker.CodeAsync(tracker.Report("a", Holdings.In("s", Holdings.Level("11"), Holdings.Level("11", level: 1))));
        await tracker.CodeAsync(tracker.Report("a", Holdings.In("s", Holdings.Level("01", from: 10))));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.FindChunk("b", "s", 0)));
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindChunk("b", "s", 11)));
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindChunk("b", "s", 1, level: 1)));

        await tracker.CodeAsync(tracker.Report("a", Holdings.In("s")));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.FindChunk("b", "s", 1, level: 1)));
    }

    [Fact]
    public async Task Blocks_of_one_message_that_name_the_same_level_add_up()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        await tracker.EnterAsync("b", "s");
        await tracker.CodeAsync(tracker.Report(
            "a", Holdings.In("s", Holdings.Level("11")), Holdings.In("s", Holdings.Level("11", from: 8))));
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindChunk("b", "s", 0)));
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindChunk("b", "s", 9)));
    }

    [Fact]
    public async Task A_block_for_a_swarm_not_joined_is_ignored_and_an_empty_report_is_a_heartbeat()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        await tracker.EnterAsync("b", "other");
        var report = tracker.Report("a", Holdings.In("other", Holdings.Level("1")), Holdings.In("s", Holdings.Level("1")));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(report));
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindChunk("b", "s", 0)));
        Assert.Empty(await tracker.ListAsync(tracker.FindPeer("b", "other")));
        Assert.Equal(ResponseCode.Ok, await tracker.CodeAsync(tracker.Report("a")));
        Assert.Equal(["a"], await tracker.ListAsync(tracker.FindChunk("b", "s", 0)));
    }

    [Fact]
    public async Task A_malformed_block_changes_nothing()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        await tracker.EnterAsync("b", "s");
        using var answer = await tracker.PostAsync("""
            <PPSPTrackerProtocol version="1.0"><Method>STAT_REPORT</Method><PeerID>a</PeerID><TransactionID>9</TransactionID><Stats>
            <Stat property="ChunkMap"><report:ChunkMapReport><SwarmID>s</SwarmID><Clip><Name>film</Name><ChunkSegments type="video">
            <Segment from="0" to="7" bitmapSize="8">/w==</Segment><Segment from="8" to="99" bitmapSize="92">/w==</Segment>
            </ChunkSegments></Clip></report:ChunkMapReport></Stat></Stats></PPSPTrackerProtocol>
            """);
        var response = await RunningTracker.ReadAsync(answer);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal(ResponseCode.InvalidSyntax, response.Code);
        Assert.Equal("9", response.TransactionId!.Value.Value);
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.FindChunk("b", "s", 0)));
    }

    [Theory]
    [InlineData("1111", true)]
    [InlineData("1101", false)]
    [InlineData("0000", false)]
    public async Task A_peer_is_a_seed_when_its_own_report_has_no_gap(string bits, bool isSeed)
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        await tracker.EnterAsync("b", "s");
        Assert.Equal(PeerInfo.Leech, Assert.Single((await tracker.SendAsync(tracker.FindPeer("b", "s"))).Peers!).PeerType);
        await tracker.CodeAsync(tracker.Report("a", Holdings.In("s", Holdings.Level(bits))));
        var a = Assert.Single((await tracker.SendAsync(tracker.FindPeer("b", "s"))).Peers!);
        Assert.Equal(isSeed ? PeerInfo.Seed : PeerInfo.Leech, a.PeerType);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public async Task Segments_that_leave_a_hole_between_them_are_no_seed(long second, bool isSeed)
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        await tracker.EnterAsync("b", "s");
        var level = new LevelMap(new LevelId("film", "video", 0), [Holdings.Map(second, "11"), Holdings.Map(0, "1111")]);
        await tracker.CodeAsync(tracker.Report("a", Holdings.In("s", level)));
        var a = Assert.Single((await tracker.SendAsync(tracker.FindPeer("b", "s"))).Peers!);
        Assert.Equal(isSeed ? PeerInfo.Seed : PeerInfo.Leech, a.PeerType);
    }

    [Fact]
    public async Task What_a_peer_held_is_gone_when_it_joins_again()
    {
        await using var tracker = await RunningTracker.StartAsync();
        await tracker.EnterAsync("a", "s");
        await tracker.EnterAsync("b", "s");
        await tracker.CodeAsync(tracker.Report("a", Holdings.In("s", Holdings.Level("1"))));
        await tracker.CodeAsync(tracker.Leave("a", "s"));
        await tracker.CodeAsync(tracker.Join("a", "s"));
        Assert.Equal(ResponseCode.ObjectNotFound, await tracker.CodeAsync(tracker.FindChunk("b", "s", 0)));
        Assert.Equal(PeerInfo.Leech, Assert.Single((await tracker.SendAsync(tracker.FindPeer("b", "s"))).Peers!).PeerType);
    }
}
