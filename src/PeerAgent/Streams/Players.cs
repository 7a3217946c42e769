namespace PeerAgent.Streams;

/// <summary>The players of one stream and when each was last heard of. Safe for concurrent use; bounded.</summary>
public sealed class Players(PlayersOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PlayerKey, Presence> _players = [];

    /// <summary>How many players there are.</summary>
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

    /// <summary>A player is there: counts it, or moves its time-out on. One over the bound shares the last one's place.</summary>
    public void Touch(PlayerKey player)
    {
        lock (_gate)
        {
            if (_players.TryGetValue(player, out var known))
            {
                known.LastSeen = time.GetTimestamp();
            }
            else if (_players.Count < options.MaxPerStream)
            {
                _players.Add(player, new Presence { LastSeen = time.GetTimestamp() });
            }
        }
    }

    /// <summary>A request of a player is under way: it is not idle until the returned value is disposed.</summary>
    public IDisposable Hold(PlayerKey player)
    {
        Touch(player);
        lock (_gate)
        {
            if (!_players.TryGetValue(player, out var presence))
            {
                return new Holding(this, null);
            }

            presence.OpenRequests++;
            return new Holding(this, presence);
        }
    }

    /// <summary>A player says that it leaves. True when it was there.</summary>
    public bool Remove(PlayerKey player)
    {
        lock (_gate)
        {
            return _players.Remove(player);
        }
    }

    /// <summary>Drops players that were silent for the idle time-out. True when somebody went and nobody is left.</summary>
    public bool DropIdle()
    {
        lock (_gate)
        {
            var gone = _players
                .Where(p => p.Value.OpenRequests == 0 && time.GetElapsedTime(p.Value.LastSeen) >= options.IdleTimeout)
                .Select(p => p.Key)
                .ToList();
            gone.ForEach(p => _players.Remove(p));
            return gone.Count > 0 && _players.Count == 0;
        }
    }

    private void Release(Presence presence)
    {
        lock (_gate)
        {
            presence.OpenRequests--;
            presence.LastSeen = time.GetTimestamp();
        }
    }

    private sealed class Presence
    {
        public long LastSeen { get; set; }

        public int OpenRequests { get; set; }
    }

    private sealed class Holding(Players owner, Presence? presence) : IDisposable
    {
        private Presence? _presence = presence;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _presence, null) is { } held)
            {
                owner.Release(held);
            }
        }
    }
}
