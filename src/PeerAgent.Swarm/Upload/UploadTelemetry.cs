using Microsoft.Extensions.Logging;
using PeerAgent.Swarm.Telemetry;

namespace PeerAgent.Swarm.Upload;

/// <summary>Log and instruments of the peers' listener.</summary>
internal sealed class UploadTelemetry(ILogger<UploadTelemetry> logger, SwarmMetrics metrics)
{
    /// <summary>A peer's request was refused.</summary>
    public void Refused(int status, string reason)
    {
        logger.RequestRefused(status, reason);
        metrics.Refused(status);
    }
}
