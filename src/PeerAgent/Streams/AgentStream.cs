using PeerAgent.Media.Streams;
using PeerAgent.Tracker.Trackers;

namespace PeerAgent.Streams;

/// <summary>
/// One stream that the agent knows. Idle until a player asks for it or it is seeded: only then it is in its swarm and
/// known to its trackers (draft-cruz-ppsp-http-tracker-protocol-01, section 4.5). Safe for concurrent use.
/// </summary>
public sealed class AgentStream : IDisposable
{
    private readonly StreamRooms _rooms;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private ActiveStream? _active;
    private ChunkLayout _layout;
    private bool _seeding;

    internal AgentStream(StreamInfo info, StreamRooms rooms)
    {
        _rooms = rooms;
        _layout = new ChunkLayout(info);
        Players = new Players(rooms.Players.Value, rooms.Time);
        LastUsed = rooms.Time.GetTimestamp();
    }

    /// <summary>The stream as its manifest tells it.</summary>
    public StreamInfo Info => Layout.Stream;

    /// <summary>Its chunks and their names.</summary>
    public ChunkLayout Layout => Volatile.Read(ref _layout);

    /// <summary>Who plays it.</summary>
    public Players Players { get; }

    /// <summary>What there is while it is played or seeded, else null.</summary>
    public ActiveStream? Active => Volatile.Read(ref _active);

    /// <summary>True while it is served whether somebody plays it or not.</summary>
    public bool IsSeeding => Volatile.Read(ref _seeding);

    /// <summary>Timestamp of the last use.</summary>
    public long LastUsed { get; private set; }

    /// <summary>The word for its state: <c>seeding</c>, <c>active</c> or <c>idle</c>.</summary>
    public string State => IsSeeding ? "seeding" : Active is null ? "idle" : "active";

    /// <summary>Enters the swarm, unless we are in it already.</summary>
    public async ValueTask<ActiveStream> ActivateAsync(CancellationToken cancellationToken)
    {
        LastUsed = _rooms.Time.GetTimestamp();
        if (Active is { } running)
        {
            return running;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return Active ?? Enter();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Serves the stream from now on, whether somebody plays it or not; its chunks are not evicted.</summary>
    public async Task<ActiveStream> SeedAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _seeding, true);
        return await ActivateAsync(cancellationToken);
    }

    /// <summary>
    /// Leaves the swarm if nobody needs it any more. Nobody waits for the trackers, dead or alive: the session tells them,
    /// before it ends at the latest.
    /// </summary>
    public async Task LeaveIfUnusedAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (Active is not { } active || Players.Count > 0 || IsSeeding)
            {
                return;
            }

            await ExitAsync(active);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>Takes over a newer manifest of the same swarm: a moved live window, other trackers or origins.</summary>
    internal async Task UpdateAsync(StreamInfo info, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var trackersChanged = !Info.Trackers.SequenceEqual(info.Trackers);
            Volatile.Write(ref _layout, new ChunkLayout(info));
            if (Active is { } active)
            {
                active.Chunks.Update(info);
                if (trackersChanged)
                {
                    await ExitAsync(active);
                    Enter();
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private ActiveStream Enter()
    {
        var chunks = _rooms.Store.Open(Info);
        chunks.Update(Info);
        chunks.IsPinned = IsSeeding;
        var lookup = new TrackerLookup();
        var swarm = _rooms.Swarms.Open(chunks, lookup);
        var member = new SwarmMember(chunks, swarm, IsSeeding, _rooms.Upload);
        var membership = _rooms.Trackers.Join([.. Info.Trackers.Select(t => new TrackerEndpoint(t.Url, t.Tier))], member);
        lookup.Use(membership);
        chunks.Changed += membership.ReportChanged;
        _rooms.Upload.Changed += membership.ReportChanged;
        var active = new ActiveStream(chunks, swarm, membership);
        Volatile.Write(ref _active, active);
        return active;
    }

    /// <summary>Our part in the swarm ends at once; the trackers hear of it from the session.</summary>
    private async Task ExitAsync(ActiveStream active)
    {
        Volatile.Write(ref _active, null);
        active.Chunks.Changed -= active.Membership.ReportChanged;
        _rooms.Upload.Changed -= active.Membership.ReportChanged;
        await active.Swarm.DisposeAsync();
        _ = active.Membership.LeaveAsync(CancellationToken.None);
    }
}
