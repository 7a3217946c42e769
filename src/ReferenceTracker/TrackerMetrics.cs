using System.Diagnostics.Metrics;
using Ppsp.Protocol.Messages;
using ReferenceTracker.Registry;

namespace ReferenceTracker;

/// <summary>What the tracker measures: meter <see cref="MeterName"/>.</summary>
internal sealed class TrackerMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "ReferenceTracker";

    private readonly Meter _meter;
    private readonly Counter<long> _answers;
    private readonly Counter<long> _overloads;

    public TrackerMetrics(IMeterFactory factory, SwarmRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _meter = factory.Create(MeterName);
        _answers = _meter.CreateCounter<long>("referencetracker.answers", "{answer}", "Requests answered, by method and code.");
        _overloads = _meter.CreateCounter<long>("referencetracker.overloads", "{request}", "Requests refused because too many were in work.");
        _meter.CreateObservableUpDownCounter("referencetracker.peers", () => registry.Size().Peers, "{peer}", "Registered peers.");
        _meter.CreateObservableUpDownCounter("referencetracker.swarms", () => registry.Size().Swarms, "{swarm}", "Known swarms.");
        _meter.CreateObservableUpDownCounter(
            "referencetracker.memberships", () => registry.Size().Memberships, "{membership}", "Peers in swarms, counted in each.");
        _meter.CreateObservableUpDownCounter("referencetracker.maps", () => registry.Size().MapBytes, "By", "Memory of chunk maps, estimated.");
        _meter.CreateObservableCounter("referencetracker.peers.expired", () => registry.Size().ExpiredPeers, "{peer}", "Peers that fell silent.");
    }

    public void Answered(string method, ResponseCode code)
    {
        if (_answers.Enabled)
        {
            _answers.Add(1, new KeyValuePair<string, object?>("method", method), new KeyValuePair<string, object?>("code", code.WireText()));
        }
    }

    public void Overloaded() => _overloads.Add(1);

    public void Dispose() => _meter.Dispose();
}
