using System.ComponentModel.DataAnnotations;

namespace ReferenceTracker.Settings;

/// <summary>What strangers may use up, section <c>ReferenceTracker:Limits</c>.</summary>
public sealed class LimitsOptions
{
    /// <summary>Requests in work at once. Default 256, 1 to 65536.</summary>
    [Range(1, 65_536, ErrorMessage = "must be from 1 to 65536")]
    public int ConcurrentRequests { get; set; } = 256;

    /// <summary>Requests that wait for a place, at most a second each. Default 1024, 0 to 1048576.</summary>
    [Range(0, 1_048_576, ErrorMessage = "must be from 0 to 1048576")]
    public int QueuedRequests { get; set; } = 1024;

    /// <summary>Registered peers. Default 1,048,576. A CONNECT beyond gets <c>503</c>.</summary>
    [Range(1, 100_000_000, ErrorMessage = "must be from 1 to 100000000")]
    public int Peers { get; set; } = 1 << 20;

    /// <summary>Known swarms, empty ones included; the one that is empty longest makes room. Default 131,072. A JOIN beyond gets <c>503</c>.</summary>
    [Range(1, 100_000_000, ErrorMessage = "must be from 1 to 100000000")]
    public int Swarms { get; set; } = 1 << 17;

    /// <summary>Swarms one peer may be in. Default 256. A JOIN beyond gets <c>403</c>.</summary>
    [Range(1, 65_536, ErrorMessage = "must be from 1 to 65536")]
    public int SwarmsPerPeer { get; set; } = 256;

    /// <summary>Chunks of one peer in one swarm that are kept; what it reports beyond is passed over. Default 1,048,576.</summary>
    [Range(1, 100_000_000, ErrorMessage = "must be from 1 to 100000000")]
    public int ChunksPerMember { get; set; } = 1 << 20;

    /// <summary>Memory for chunk maps and their index, in bytes. Default 1 GiB. A report beyond gets <c>503</c>.</summary>
    [Range(1 << 20, 1L << 40, ErrorMessage = "must be from 1048576 to 1099511627776")]
    public long ChunkMapBytes { get; set; } = 1L << 30;

    /// <summary>History records of peers; the oldest makes room. Default 65,536, 0 keeps none.</summary>
    [Range(0, 100_000_000, ErrorMessage = "must be from 0 to 100000000")]
    public int HistoryRecords { get; set; } = 1 << 16;

    /// <summary>Open connections. Default 16,384.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be from 1 to 1000000")]
    public int Connections { get; set; } = 16_384;
}
