using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PeerAgent.Swarm.Telemetry;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Swarm.Upload;

/// <summary>Log and instruments of what the peers' listener refuses, and the refusal itself.</summary>
internal sealed class PeerRefusal(ILogger<PeerRefusal> logger, SwarmMetrics metrics)
{
    /// <summary>Refuses a peer's request, and notes it.</summary>
    public Task RefuseAsync(HttpContext context, ResponseCode code, TransactionId? transactionId, string reason)
    {
        Refused(code.HttpStatus(), reason);
        return PeerAnswer.WriteErrorAsync(context, code, transactionId);
    }

    /// <summary>A peer's request was refused.</summary>
    public void Refused(int status, string reason)
    {
        logger.RequestRefused(status, reason);
        metrics.Refused(status);
    }
}
