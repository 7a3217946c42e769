using Ppsp.Protocol.Ids;

namespace Ppsp.Protocol.Messages;

/// <summary>What a peer moved in a swarm; totals since JOIN (draft-cruz-ppsp-http-tracker-protocol-01, section 4.10, Table 3).</summary>
/// <param name="SwarmId">The swarm.</param>
/// <param name="UploadedBytes">Bytes sent to other peers, 0 or more.</param>
/// <param name="DownloadedBytes">Bytes received from other peers, 0 or more.</param>
/// <param name="AvailableBandwidth">Upstream bandwidth still available, bits per second, 0 or more.</param>
public sealed record StreamStatsReport(SwarmId SwarmId, long UploadedBytes, long DownloadedBytes, long AvailableBandwidth);
