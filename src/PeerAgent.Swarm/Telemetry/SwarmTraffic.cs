namespace PeerAgent.Swarm.Telemetry;

/// <summary>What moved in a swarm since it was opened. A snapshot.</summary>
/// <param name="UploadedBytes">Bytes of chunks really sent to peers.</param>
/// <param name="DownloadedBytes">Bytes of chunks received from peers, wasted ones included.</param>
/// <param name="OriginBytes">Bytes of chunks received from origins, wasted ones included.</param>
/// <param name="WastedBytes">Bytes received and thrown away: damaged, broken off, or beaten by another source.</param>
/// <param name="PeerChunks">Chunks that came from peers.</param>
/// <param name="OriginChunks">Chunks that came from origins.</param>
/// <param name="DamagedChunks">Chunks thrown away because they did not match the manifest.</param>
public sealed record SwarmTraffic(
    long UploadedBytes,
    long DownloadedBytes,
    long OriginBytes,
    long WastedBytes,
    long PeerChunks,
    long OriginChunks,
    long DamagedChunks);
