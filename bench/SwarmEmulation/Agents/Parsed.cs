using Ppsp.Protocol.Ids;

namespace SwarmEmulation.Agents;

/// <summary>Ids of texts that are known to be right.</summary>
internal static class Parsed
{
    public static PeerId Peer(string text) => PeerId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    public static SwarmId Swarm(string text) => SwarmId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    public static TransactionId Transaction(string text) =>
        TransactionId.TryParse(text, out var id) ? id : throw new ArgumentException(text);
}
