using System.Diagnostics.Metrics;

namespace PeerAgent.Swarm.Telemetry;

/// <summary>The project's instruments; meter <see cref="MeterName"/>.</summary>
internal sealed class SwarmMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "PeerAgent.Swarm";

    private readonly Counter<long> _downloaded;
    private readonly Counter<long> _uploaded;
    private readonly Counter<long> _wasted;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _wait;

    public SwarmMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _downloaded = meter.CreateCounter<long>("peeragent.swarm.downloaded", "By", "Bytes of chunks received.");
        _uploaded = meter.CreateCounter<long>("peeragent.swarm.uploaded", "By", "Bytes of chunks sent to peers.");
        _wasted = meter.CreateCounter<long>("peeragent.swarm.wasted", "By", "Bytes of chunks received and thrown away.");
        _attempts = meter.CreateCounter<long>("peeragent.swarm.attempts", "{attempt}", "Sources asked for a chunk.");
        _refused = meter.CreateCounter<long>("peeragent.swarm.upload.refused", "{request}", "Requests of peers that got no chunk.");
        _wait = meter.CreateHistogram<double>(
            "peeragent.chunk.wait.duration", "s", "From asking for a chunk that is not held to its outcome.");
    }

    /// <summary>Bytes came from a source.</summary>
    public void Downloaded(bool fromOrigin, int bytes) =>
        _downloaded.Add(bytes, new KeyValuePair<string, object?>("source", fromOrigin ? "origin" : "peer"));

    /// <summary>Bytes went to a peer.</summary>
    public void Uploaded(int bytes) => _uploaded.Add(bytes);

    /// <summary>Bytes were thrown away.</summary>
    public void Wasted(long bytes) => _wasted.Add(bytes);

    /// <summary>A source was asked, and this is how it ended.</summary>
    public void Attempted(string result) => _attempts.Add(1, new KeyValuePair<string, object?>("result", result));

    /// <summary>A peer's request got no chunk.</summary>
    public void Refused(int status) => _refused.Add(1, new KeyValuePair<string, object?>("status", status));

    /// <summary>A wait for a chunk ended.</summary>
    public void Waited(string outcome, TimeSpan duration) =>
        _wait.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
}
