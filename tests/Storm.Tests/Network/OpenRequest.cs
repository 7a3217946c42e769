using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace Storm.Tests.Network;

/// <summary>A request for a chunk that is open at a peer.</summary>
internal sealed class OpenRequest(FarPeer peer, SwarmId swarmId, ChunkId chunk)
{
    public FarPeer Peer => peer;

    public SwarmId SwarmId => swarmId;

    public ChunkId Chunk => chunk;

    /// <summary>Bytes of the chunk that are at the other end, those that came from somebody else before included.</summary>
    public long Sent { get; set; }

    /// <summary>Bytes of the whole chunk.</summary>
    public long Length { get; set; }

    /// <summary>The bytes are not those of the film.</summary>
    public bool IsLie { get; set; }

    /// <summary>Nobody else was asked for the chunk while this request was open.</summary>
    public bool IsAlone { get; set; } = true;

    /// <summary>All bytes of the chunk went out, from the first to the last.</summary>
    public bool IsWhole { get; set; }

    public override string ToString() => $"{chunk} at {peer.Id} ({peer.Conduct}), {Sent} of {Length} bytes sent";
}
