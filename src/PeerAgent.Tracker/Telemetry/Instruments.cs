using Microsoft.Extensions.Logging;

namespace PeerAgent.Tracker.Telemetry;

/// <summary>Where the tracker side logs and measures.</summary>
/// <param name="Logger">Takes its lines.</param>
/// <param name="Metrics">Takes its figures.</param>
internal sealed record Instruments(ILogger Logger, TrackerMetrics Metrics);
