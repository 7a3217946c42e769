using System.Text;
using Ppsp.Protocol.DialectA;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Peering;

namespace Ppsp.Protocol.Tests;

/// <summary>Short ways to read messages and to make identifiers; a test says only what is special about it.</summary>
internal static class Read
{
    internal static T Ok<T>(Decoded<T> decoded)
        where T : class
    {
        Assert.True(decoded.TryGet(out var value, out var refusal), refusal?.Reason);
        return value;
    }

    internal static CodecRefusal Refused<T>(Decoded<T> decoded)
        where T : class
    {
        Assert.False(decoded.TryGet(out var value, out var refusal), MessageText.Of(value));
        Assert.EndsWith(".", refusal.Reason);
        Assert.InRange(refusal.Reason.Length, 10, 400);
        return refusal;
    }

    /// <summary>A tracker request of this method with these other children.</summary>
    internal static Decoded<TrackerRequest> Tracker(string method, string children, string root = "version=\"1.0\"") =>
        TrackerCodec.ReadRequest(Encoding.UTF8.GetBytes(
            $"<PPSPTrackerProtocol {root}><Method>{method}</Method><PeerID>p</PeerID><TransactionID>7</TransactionID>{children}</PPSPTrackerProtocol>"));

    internal static Decoded<TrackerRequest> TrackerText(string text) => TrackerCodec.ReadRequest(Encoding.UTF8.GetBytes(text));

    internal static Decoded<PeerResponse> PeerAnswer(string children) =>
        PeerCodec.ReadResponse(Encoding.UTF8.GetBytes($"<PPSPPeerProtocol version=\"1.0\">{children}</PPSPPeerProtocol>"));

    internal static PeerId Peer(string text) => PeerId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    internal static SwarmId Swarm(string text) => SwarmId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    internal static UserId User(string text) => UserId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    internal static TransactionId Transaction(string text) =>
        TransactionId.TryParse(text, out var id) ? id : throw new ArgumentException(text);
}
