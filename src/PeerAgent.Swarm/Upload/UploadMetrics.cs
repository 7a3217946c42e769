using System.Diagnostics.Metrics;
using PeerAgent.Swarm.Telemetry;

namespace PeerAgent.Swarm.Upload;

/// <summary>The instruments of what is sent to peers; on the meter of <see cref="SwarmMetrics"/>.</summary>
internal sealed class UploadMetrics
{
    private readonly UpDownCounter<int> _active;
    private readonly UpDownCounter<int> _waiting;
    private readonly UpDownCounter<int> _choked;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _wait;

    public UploadMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SwarmMetrics.MeterName);
        _active = meter.CreateUpDownCounter<int>("peeragent.swarm.upload.active", "{chunk}", "Chunks being sent to peers.");
        _waiting = meter.CreateUpDownCounter<int>("peeragent.swarm.upload.waiting", "{request}", "Requests of peers that wait for a slot.");
        _choked = meter.CreateUpDownCounter<int>("peeragent.swarm.upload.choked", "{peer}", "Peers that are not served in this round.");
        _ended = meter.CreateCounter<long>("peeragent.swarm.upload.ended", "{chunk}", "Chunks sent to peers, by how that ended.");
        _wait = meter.CreateHistogram<double>("peeragent.swarm.upload.wait.duration", "s", "Wait of a request for a slot.");
    }

    /// <summary>More or fewer chunks are being sent.</summary>
    public void Active(int more) => _active.Add(more);

    /// <summary>More or fewer requests wait.</summary>
    public void Waiting(int more) => _waiting.Add(more);

    /// <summary>More or fewer peers are choked.</summary>
    public void Choked(int more) => _choked.Add(more);

    /// <summary>Sending a chunk has ended.</summary>
    public void Ended(UploadEnd end) => _ended.Add(1, new KeyValuePair<string, object?>("reason", end.ToString()));

    /// <summary>A wait for a slot has ended.</summary>
    public void Waited(bool served, TimeSpan duration) =>
        _wait.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("served", served));
}
