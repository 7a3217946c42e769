using System.Diagnostics.Metrics;

namespace PeerAgent.Tracker.Telemetry;

/// <summary>
/// The project's instruments; meter <see cref="MeterName"/>. Tags have few values: the eight methods, the outcomes of
/// <c>TrackerOutcome.Label</c>, the four states of a session. No tracker and no swarm is named.
/// </summary>
internal sealed class TrackerMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "PeerAgent.Tracker";

    private readonly Histogram<double> _requests;
    private readonly Counter<long> _failovers;
    private readonly UpDownCounter<long> _sessions;

    public TrackerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _requests = meter.CreateHistogram<double>(
            "peeragent.tracker.request.duration", "s", "From sending a request to its outcome, repetitions and waits included.");
        _failovers = meter.CreateCounter<long>(
            "peeragent.tracker.failovers", "{failover}", "Changes of a session from one tracker to another.");
        _sessions = meter.CreateUpDownCounter<long>(
            "peeragent.tracker.sessions", "{session}", "Sessions, by how they stand.");
    }

    /// <summary>A request ended.</summary>
    /// <param name="method">The draft's word for it.</param>
    /// <param name="outcome">One of a few words.</param>
    /// <param name="duration">How long it took.</param>
    public void Asked(string method, string outcome, TimeSpan duration) => _requests.Record(
        duration.TotalSeconds,
        new KeyValuePair<string, object?>("method", method),
        new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>A session is registered at another tracker than before.</summary>
    /// <param name="isBetter">True on the way back to a better tier; false when the last tracker was lost.</param>
    public void MovedTo(bool isBetter) =>
        _failovers.Add(1, new KeyValuePair<string, object?>("reason", isBetter ? "better" : "lost"));

    /// <summary>A session changed from one state to another.</summary>
    /// <param name="state">The new state; null = the session is over.</param>
    /// <param name="before">The old one; null = the session is new.</param>
    public void SessionIs(string? state, string? before)
    {
        if (before is not null)
        {
            _sessions.Add(-1, new KeyValuePair<string, object?>("state", before));
        }

        if (state is not null)
        {
            _sessions.Add(1, new KeyValuePair<string, object?>("state", state));
        }
    }
}
