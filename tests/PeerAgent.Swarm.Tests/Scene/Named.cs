using Ppsp.Protocol.Ids;

namespace PeerAgent.Swarm.Tests.Scene;

/// <summary>Ids by their text.</summary>
internal static class Named
{
    public static PeerId Peer(string id) => PeerId.TryParse(id, out var peerId) ? peerId : throw new ArgumentException("Not a PeerID.", nameof(id));

    public static SwarmId Swarm(string id) => SwarmId.TryParse(id, out var swarmId) ? swarmId : throw new ArgumentException("Not a SwarmID.", nameof(id));

    public static TransactionId Transaction(string id) =>
        TransactionId.TryParse(id, out var transactionId) ? transactionId : throw new ArgumentException("Not a TransactionID.", nameof(id));
}
