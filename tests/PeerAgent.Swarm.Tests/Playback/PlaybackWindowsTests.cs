using PeerAgent.Media.Store;
using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Playback;
using PeerAgent.Swarm.Tests.Scene;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Tests.Playback;

public sealed class PlaybackWindowsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Two = TimeSpan.FromSeconds(2);
    private readonly PlaybackWindows _windows = new(new PlaybackOptions());
    private readonly ChunkLayout _layout = new(Content.Make(count: 200, size: 1).Stream);

    [Fact]
    public void A_first_request_may_be_a_look_and_opens_no_window()
    {
        _windows.Asked("tv", Content.Id(5), Two, Second);

        Assert.Empty(_windows.Plan(_layout, Second));
    }

    [Fact]
    public void A_step_forward_opens_fifteen_seconds_in_order_and_two_minutes_behind_them()
    {
        _windows.Asked("tv", Content.Id(5), Two, Second);
        _windows.Asked("tv", Content.Id(6), Two, Second);

        var plan = _windows.Plan(_layout, Second);

        Assert.Equal(Enumerable.Range(7, 60), Numbers(plan));
        Assert.Equal(Enumerable.Range(7, 6), Numbers([.. plan.Where(w => w.Urgency == Urgency.Soon)]));
        Assert.Equal(5 * Second, plan[0].Due);
        Assert.Equal(plan.OrderBy(w => w.Due).Select(w => w.Due), plan.Select(w => w.Due));
    }

    [Fact]
    public void Without_an_urgent_part_nothing_is_fetched_before_it_is_asked_for()
    {
        var windows = new PlaybackWindows(new PlaybackOptions { Urgent = TimeSpan.Zero });
        windows.Asked("tv", Content.Id(5), Two, Second);
        windows.Asked("tv", Content.Id(6), Two, Second);

        Assert.Empty(windows.Plan(_layout, Second));
        Assert.Equal(3 * Second, windows.DueOf(Content.Id(6), Two));
    }

    [Fact]
    public void A_seek_drops_what_lay_ahead_and_begins_anew()
    {
        Play("tv", 5, 9);
        _windows.Asked("tv", Content.Id(100), Two, 3 * Second);

        Assert.Empty(_windows.Plan(_layout, 3 * Second));
        Assert.Equal(3 * Second, _windows.DueOf(Content.Id(100), Two));
        Assert.Null(_windows.DueOf(Content.Id(9), Two));
        _windows.Asked("tv", Content.Id(101), Two, 4 * Second);
        Assert.Equal(102, Numbers(_windows.Plan(_layout, 4 * Second))[0]);
    }

    [Fact]
    public void Requests_out_of_order_are_no_seek()
    {
        foreach (var number in new[] { 5, 7, 6, 8 })
        {
            _windows.Asked("tv", Content.Id(number), Two, Second);
        }

        Assert.Equal(9, Numbers(_windows.Plan(_layout, Second))[0]);
    }

    [Fact]
    public void Two_players_share_what_both_need_at_the_earlier_time()
    {
        Play("one", 5, 9);
        Play("two", 1, 3);

        var plan = _windows.Plan(_layout, Second);

        Assert.Equal(plan.Count, plan.Select(w => w.Chunk).Distinct().Count());
        Assert.Equal(4, Numbers(plan).Min());
        Assert.Equal(11 * Second, plan.Single(w => w.Chunk == Content.Id(10)).Due);
        Assert.Equal(Urgency.Soon, plan.Single(w => w.Chunk == Content.Id(12)).Urgency);
        Assert.Equal(Urgency.Ahead, plan.Single(w => w.Chunk == Content.Id(16)).Urgency);
    }

    [Fact]
    public void Who_has_left_or_was_silent_for_long_has_no_window()
    {
        Play("one", 5, 9);
        Play("two", 50, 53);
        _windows.Left("one");

        Assert.Equal(54, Numbers(_windows.Plan(_layout, Second))[0]);
        Assert.Empty(_windows.Plan(_layout, Second + PlaybackWindows.Forgotten + Second));
        Assert.Equal(0, _windows.Count);
    }

    [Fact]
    public void A_change_of_level_keeps_the_pace_and_drops_the_old_level()
    {
        var layout = TwoLevels();
        foreach (var (level, number) in new[] { (0, 5), (0, 6), (1, 7), (1, 8), (1, 9) })
        {
            _windows.Asked("tv", new ChunkId(Content.Level with { Level = level }, number), Two, Second);
        }

        var plan = _windows.Plan(layout, Second);

        Assert.All(plan, w => Assert.Equal(1, w.Chunk.Level.Level));
        Assert.Equal(60, plan.Count);
    }

    [Fact]
    public void Layers_played_together_are_fetched_together()
    {
        var layout = TwoLevels();
        for (var number = 5; number < 9; number++)
        {
            _windows.Asked("tv", new ChunkId(Content.Level with { Level = 0 }, number), Two, Second);
            _windows.Asked("tv", new ChunkId(Content.Level with { Level = 1 }, number), Two, Second);
        }

        Assert.Equal([0, 1], _windows.Plan(layout, Second).Select(w => w.Chunk.Level.Level).Distinct().Order());
    }

    [Fact]
    public void The_window_ends_with_the_stream()
    {
        Play("tv", 190, 198);

        Assert.Equal([199], Numbers(_windows.Plan(_layout, Second)));
        Assert.Equal([new PlayPosition("path/name", "video", 198)], _windows.Positions(Second));
    }

    [Fact]
    public void Players_beyond_the_bound_have_no_window()
    {
        for (var i = 0; i <= PlaybackWindows.MaxPlayers; i++)
        {
            _windows.Asked($"player {i}", Content.Id(i % 100), Two, Second);
        }

        Assert.Equal(PlaybackWindows.MaxPlayers, _windows.Count);
    }

    private static ChunkLayout TwoLevels()
    {
        var stream = Content.Make(hashes: false, count: 100, size: 1).Stream;
        var clip = stream.Clips[0];
        var segment = clip.Components[0].Segments[0] with { Levels = 2 };
        return new ChunkLayout(stream with { Clips = [clip with { Components = [new Component("video", [segment])] }] });
    }

    private static IReadOnlyList<int> Numbers(IReadOnlyList<WindowChunk> plan) => [.. plan.Select(w => (int)w.Chunk.Index)];

    private void Play(string player, int from, int to)
    {
        for (var number = from; number <= to; number++)
        {
            _windows.Asked(player, Content.Id(number), Two, Second);
        }
    }
}
