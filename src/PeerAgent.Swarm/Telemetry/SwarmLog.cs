using Microsoft.Extensions.Logging;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Telemetry;

/// <summary>All log lines of the project; event ids 5000 to 5999.</summary>
internal static partial class SwarmLog
{
    [LoggerMessage(5000, LogLevel.Information, "Swarm {SwarmId} is open: {Chunks} chunks held, {Origins} origins")]
    public static partial void Opened(this ILogger logger, SwarmId swarmId, int chunks, int origins);

    [LoggerMessage(5001, LogLevel.Information, "Swarm {SwarmId} is closed: {Uploaded} bytes up, {Downloaded} down, {FromOrigin} from origins")]
    public static partial void Closed(this ILogger logger, SwarmId swarmId, long uploaded, long downloaded, long fromOrigin);

    [LoggerMessage(5002, LogLevel.Debug, "Swarm {SwarmId}: asking {Source} for {Chunk} from byte {Offset}")]
    public static partial void Asking(this ILogger logger, SwarmId swarmId, string source, ChunkId chunk, long offset);

    [LoggerMessage(5003, LogLevel.Debug, "Swarm {SwarmId}: {Chunk} from {Source}, {Bytes} bytes")]
    public static partial void Fetched(this ILogger logger, SwarmId swarmId, ChunkId chunk, string source, long bytes);

    [LoggerMessage(5004, LogLevel.Debug, "Swarm {SwarmId}: {Source} {Detail} ({Chunk})")]
    public static partial void AttemptFailed(this ILogger logger, SwarmId swarmId, string source, string detail, ChunkId chunk);

    [LoggerMessage(5005, LogLevel.Warning, "Swarm {SwarmId}: {Source} sent a {Chunk} that does not match the manifest; it is not asked again for this stream")]
    public static partial void Banned(this ILogger logger, SwarmId swarmId, string source, ChunkId chunk);

    [LoggerMessage(5006, LogLevel.Debug, "Swarm {SwarmId}: {Source} sent a {Chunk} that does not look like {ContentType}")]
    public static partial void Suspect(this ILogger logger, SwarmId swarmId, string source, ChunkId chunk, string contentType);

    [LoggerMessage(5007, LogLevel.Debug, "Swarm {SwarmId}: {Chunk} not here in time: {Reason}")]
    public static partial void NotInTime(this ILogger logger, SwarmId swarmId, ChunkId chunk, string reason);

    [LoggerMessage(5008, LogLevel.Warning, "Swarm {SwarmId}: {Chunk} broke off on its way to a player: {Reason}")]
    public static partial void ArrivalBroke(this ILogger logger, SwarmId swarmId, ChunkId chunk, string reason);

    [LoggerMessage(5009, LogLevel.Warning, "Swarm {SwarmId}: looking up {Chunk} at the trackers failed")]
    public static partial void LookupFailed(this ILogger logger, SwarmId swarmId, ChunkId chunk, Exception exception);

    [LoggerMessage(5010, LogLevel.Debug, "Swarm {SwarmId}: the ChunkMap of peer {PeerId} was not to be had: it {Detail}")]
    public static partial void MapFailed(this ILogger logger, SwarmId swarmId, PeerId peerId, string detail);

    [LoggerMessage(5011, LogLevel.Debug, "Swarm {SwarmId}: peer {PeerId} says {Status}")]
    public static partial void StatusReceived(this ILogger logger, SwarmId swarmId, PeerId peerId, string status);

    [LoggerMessage(5012, LogLevel.Debug, "A peer's request was refused with {Status}: {Reason}")]
    public static partial void RequestRefused(this ILogger logger, int status, string reason);

    [LoggerMessage(5013, LogLevel.Error, "Swarm {SwarmId}: fetching {Chunk} ended in an error of ours")]
    public static partial void FetchFaulted(this ILogger logger, SwarmId swarmId, ChunkId chunk, Exception exception);

    [LoggerMessage(5014, LogLevel.Warning, "Swarm {SwarmId}: {Chunk} was fetched but not kept on disk; it is served from memory for now")]
    public static partial void NotKept(this ILogger logger, SwarmId swarmId, ChunkId chunk);

    [LoggerMessage(5015, LogLevel.Error, "Swarm {SwarmId}: polling peers ended in an error of ours")]
    public static partial void PollingFaulted(this ILogger logger, SwarmId swarmId, Exception exception);

    [LoggerMessage(5016, LogLevel.Error, "Swarm {SwarmId}: fetching ahead of the players ended in an error of ours")]
    public static partial void PrefetchFaulted(this ILogger logger, SwarmId swarmId, Exception exception);

    [LoggerMessage(5032, LogLevel.Error, "Swarm {SwarmId}: looking after the fetches ended in an error of ours")]
    public static partial void LineFaulted(this ILogger logger, SwarmId swarmId, Exception exception);

    [LoggerMessage(5030, LogLevel.Debug, "More peers want chunks than can be served: {Choked} choked, {Unchoked} unchoked")]
    public static partial void RoundEnded(this ILogger logger, int choked, int unchoked);

    [LoggerMessage(5031, LogLevel.Error, "A round of choking ended in an error of ours")]
    public static partial void RoundFaulted(this ILogger logger, Exception exception);
}
