using PeerAgent.Media.Store;
using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Playback;

/// <summary>
/// One player's way through a stream, told by the chunks it asks for. A first request alone opens no window: it may be a
/// look at the stream, and the chunk is to have all of the network until it is here. The next step forward opens it. Not
/// safe by itself.
/// </summary>
internal sealed class PlayerTrack
{
    /// <summary>A player that takes more than it plays has its next few chunks urgent all the same.</summary>
    private const int AlwaysUrgent = 4;

    private const int MaxUrgentChunks = 64;
    private const int MaxChunks = 512;
    private const int MaxLanes = 16;
    private static readonly TimeSpan OtherClipFor = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(string Clip, string Type), Lane> _lanes = [];
    private string _clip = "";

    /// <summary>When the player last asked for something.</summary>
    public TimeSpan LastAsked { get; private set; }

    /// <summary>A chunk is asked for. True when that changes what comes next.</summary>
    public bool Asked(ChunkId chunk, TimeSpan duration, TimeSpan now)
    {
        LastAsked = now;
        if (!ChunkLayout.IsMedia(chunk.Level))
        {
            return false;
        }

        _clip = chunk.Level.Clip;
        var key = (_clip, chunk.Level.Type);
        if (!_lanes.TryGetValue(key, out var lane))
        {
            if (_lanes.Count >= MaxLanes)
            {
                _lanes.Remove(_lanes.MinBy(l => l.Value.At).Key);
            }

            _lanes.Add(key, lane = new Lane());
        }

        return lane.Asked(chunk.Level.Level, chunk.Index, duration, now);
    }

    /// <summary>When the player plays the chunk that it asked for lately; null when it is not one of those.</summary>
    public TimeSpan? DueOf(ChunkId chunk, TimeSpan duration) =>
        _lanes.TryGetValue((chunk.Level.Clip, chunk.Level.Type), out var lane) && Math.Abs(lane.Index - chunk.Index) <= Lane.Near
            ? lane.DueOf(chunk.Index, duration)
            : null;

    /// <summary>Adds where the player is, component by component.</summary>
    public void AddPositions(List<PlayPosition> positions, TimeSpan now)
    {
        foreach (var ((clip, type), lane) in Live(now))
        {
            positions.Add(new PlayPosition(clip, type, lane.Index));
        }
    }

    /// <summary>Adds the chunks that come next.</summary>
    public void AddWindow(List<WindowChunk> window, ChunkLayout layout, PlaybackOptions options, TimeSpan now)
    {
        if (options.Urgent <= TimeSpan.Zero)
        {
            return;
        }

        foreach (var ((clip, type), lane) in Live(now).Where(l => l.Value.Steps > 0))
        {
            foreach (var level in lane.Levels)
            {
                AddLevel(window, layout, options, new ChunkId(new LevelId(clip, type, level), lane.Index), lane, now);
            }
        }
    }

    private static void AddLevel(
        List<WindowChunk> window, ChunkLayout layout, PlaybackOptions options, ChunkId position, Lane lane, TimeSpan now)
    {
        var passed = layout.DurationOf(position) ?? options.UsualDuration;
        var playing = lane.DueOf(position.Index, passed);
        var chunk = layout.Following(position);
        for (var i = 0; i < MaxChunks && chunk is { } next && passed <= options.Ahead; i++)
        {
            var due = playing + passed;
            var isSoon = (i < AlwaysUrgent || due - now <= options.Urgent) && i < MaxUrgentChunks;
            window.Add(new WindowChunk(next, due, isSoon ? Urgency.Soon : Urgency.Ahead));
            passed += layout.DurationOf(next) ?? options.UsualDuration;
            chunk = layout.Following(next);
        }
    }

    /// <summary>A clip that the player has gone away from counts for a moment only: its sound may lag behind its picture.</summary>
    private IEnumerable<KeyValuePair<(string Clip, string Type), Lane>> Live(TimeSpan now) =>
        _lanes.Where(l => l.Key.Clip == _clip || now - l.Value.At <= OtherClipFor);
}
