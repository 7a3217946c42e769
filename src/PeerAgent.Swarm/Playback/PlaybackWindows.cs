using PeerAgent.Media.Store;
using PeerAgent.Media.Streams;
using PeerAgent.Swarm.Transfer;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Playback;

/// <summary>The windows of all players of one stream. Bounded; safe for concurrent use.</summary>
internal sealed class PlaybackWindows(PlaybackOptions options)
{
    /// <summary>Most players with a window of their own; one over it is served all the same.</summary>
    public const int MaxPlayers = 256;

    /// <summary>A player that asked for nothing for so long has no window any more.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, PlayerTrack> _players = [];

    /// <summary>Fires when a window has moved.</summary>
    public Signal Moved { get; } = new();

    /// <summary>Number of players with a window.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _players.Count;
            }
        }
    }

    /// <summary>A player asks for a chunk, which plays for so long.</summary>
    public void Asked(string player, ChunkId chunk, TimeSpan duration, TimeSpan now)
    {
        bool moved;
        lock (_gate)
        {
            if (!_players.TryGetValue(player, out var track))
            {
                if (_players.Count >= MaxPlayers && !DropForgotten(now))
                {
                    return;
                }

                _players.Add(player, track = new PlayerTrack());
            }

            moved = track.Asked(chunk, duration, now);
        }

        if (moved)
        {
            Moved.Pulse();
        }
    }

    /// <summary>When the first of the players that asked for the chunk plays it; null when none did.</summary>
    public TimeSpan? DueOf(ChunkId chunk, TimeSpan duration)
    {
        lock (_gate)
        {
            return _players.Values.Min(p => p.DueOf(chunk, duration));
        }
    }

    /// <summary>A player has left.</summary>
    public void Left(string player)
    {
        bool was;
        lock (_gate)
        {
            was = _players.Remove(player);
        }

        if (was)
        {
            Moved.Pulse();
        }
    }

    /// <summary>
    /// What comes next for all players: each chunk once, with its earliest time and the more urgent of its parts; in the order
    /// of time.
    /// </summary>
    public IReadOnlyList<WindowChunk> Plan(ChunkLayout layout, TimeSpan now)
    {
        var window = new List<WindowChunk>();
        lock (_gate)
        {
            DropForgotten(now);
            foreach (var track in _players.Values)
            {
                track.AddWindow(window, layout, options, now);
            }
        }

        return [.. window.GroupBy(w => w.Chunk).Select(Merge).OrderBy(w => w.Due)];
    }

    /// <summary>Where the players are.</summary>
    public IReadOnlyList<PlayPosition> Positions(TimeSpan now)
    {
        var positions = new List<PlayPosition>();
        lock (_gate)
        {
            foreach (var track in _players.Values)
            {
                track.AddPositions(positions, now);
            }
        }

        return positions;
    }

    private static WindowChunk Merge(IEnumerable<WindowChunk> same) =>
        same.Aggregate((a, b) => a with
        {
            Due = a.Due < b.Due ? a.Due : b.Due,
            Urgency = a.Urgency < b.Urgency ? a.Urgency : b.Urgency,
        });

    private bool DropForgotten(TimeSpan now)
    {
        var gone = _players.Where(p => now - p.Value.LastAsked > Forgotten).Select(p => p.Key).ToList();
        gone.ForEach(p => _players.Remove(p));
        return gone.Count > 0;
    }
}
