using PeerAgent.Tracker.Tiers;
using PeerAgent.Tracker.Trackers;

namespace PeerAgent.Tracker.Sessions;

/// <summary>
/// What people may know of a session: its trackers as a snapshot, itself in the count of sessions. Written by the session's
/// loop only.
/// </summary>
internal sealed class StatusBoard(SessionState state)
{
    private IReadOnlyList<TrackerStatus> _status = [];
    private string? _counted;

    /// <summary>How the session stands with each tracker. Safe to read from anywhere.</summary>
    public IReadOnlyList<TrackerStatus> Status => Volatile.Read(ref _status);

    /// <summary>Takes a new snapshot.</summary>
    /// <param name="now">Time of the session's clock.</param>
    /// <param name="utc">The same moment on the wall clock.</param>
    public void Show(TimeSpan now, DateTimeOffset utc)
    {
        Volatile.Write(ref _status, [.. state.Tiers.All.Select(c => new TrackerStatus(
            c.Endpoint.Name,
            c.Endpoint.Tier,
            c.State,
            c.LastAnswer,
            c.LastError,
            NextAttempt(c) is { } at && at > now ? utc + (at - now) : null))]);
        Count(Word());
    }

    /// <summary>The session is over.</summary>
    public void Close() => Count(null);

    private void Count(string? word)
    {
        if (word != _counted)
        {
            state.Metrics.SessionIs(word, before: _counted);
            _counted = word;
        }
    }

    /// <summary>How the session stands as a whole, in one word.</summary>
    private string Word() => state.Goodbye is not null ? "closing" : state.Link.State switch
    {
        LinkState.Disconnected => "disconnected",
        LinkState.Connecting => "connecting",
        LinkState.Connected => "connected",
        _ => throw new InvalidOperationException($"Unknown state {state.Link.State}."),
    };

    private TimeSpan? NextAttempt(Candidate candidate)
    {
        var link = state.Link;
        if (link.Current is { } current)
        {
            return candidate.Rank < current.Rank ? link.Failback.NextAt : null;
        }

        return candidate.HoldUntil > link.NextRoundAt ? candidate.HoldUntil : link.NextRoundAt;
    }
}
