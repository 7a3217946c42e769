namespace PeerAgent.Swarm.Transfer;

/// <summary>How chunks are fetched from peers and origins.</summary>
public sealed class FetchOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "PeerAgent:Fetch";

    /// <summary>
    /// Total time-out of one wait for a chunk: until it is whole and verified, or, in a stream without hashes, until its
    /// first bytes are there. Default 10 s; short means early errors at the player, long means a stalled player.
    /// </summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Total time-out for a connection to be made, for each address of a peer. Default 2 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Total time-out from sending a request to the head of the answer. Default 4 s.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Idle time-out of a body: pushed on by every byte. Default 3 s.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Total time-out of one transfer, however steadily it drips. Default 60 s.</summary>
    public TimeSpan TransferTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A source that has sent nothing for so long gets a rival: a second source is asked while the first goes on. Default
    /// 750 ms; short costs double traffic, long costs waiting.
    /// </summary>
    public TimeSpan RivalAfter { get; set; } = TimeSpan.FromMilliseconds(750);

    /// <summary>How long a tracker is given to name holders before an origin is asked. Default 1 s.</summary>
    public TimeSpan LookupTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>With less than this left of the deadline an origin may be the rival of a peer that fails. Default 4 s.</summary>
    public TimeSpan OriginRescue { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Most requests for chunks of one stream open at one peer at a time. Default 4.</summary>
    public int MaxConnectionsPerPeer { get; set; } = 4;

    /// <summary>
    /// Most chunks fetched at a time in the whole process; more wait in line. Default 16. Their memory is bounded by
    /// <c>PeerAgent:Store:MemoryBytes</c>.
    /// </summary>
    public int MaxParallelFetches { get; set; } = 16;

    /// <summary>How often a peer's ChunkMap is asked for while its stream is in use. Default 5 s.</summary>
    public TimeSpan MapInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often another peer is asked whom it knows, while the stream is in use and few peers are known. Default 30 s.</summary>
    public TimeSpan PeerListInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A stream without a fetch for so long is not in use. Default 30 s.</summary>
    public TimeSpan ActiveFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most peers remembered for a stream; useless ones make room. Default 200.</summary>
    public int MaxPeers { get; set; } = 200;
}
