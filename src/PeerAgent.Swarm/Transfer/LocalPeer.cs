using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Transfer;

/// <summary>Who we are towards other peers; the host registers the one of the process.</summary>
/// <param name="PeerId">Our own id: sent with every request, and dropped from every list of peers.</param>
public sealed record LocalPeer(PeerId PeerId);
