using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Sessions;

/// <summary>Who this peer is towards trackers (draft-cruz-ppsp-http-tracker-protocol-01, sections 4.1 and 4.4).</summary>
/// <param name="peerId">This peer.</param>
/// <param name="credentials">The user behind it; sent with every request.</param>
/// <param name="addresses">
/// Where it listens; asked at each CONNECT, from any thread. Empty = the tracker takes the address it sees.
/// </param>
public sealed class SessionIdentity(PeerId peerId, Credentials credentials, Func<IReadOnlyList<PeerAddress>> addresses)
{
    /// <summary>This peer.</summary>
    public PeerId PeerId => peerId;

    /// <summary>The user behind it.</summary>
    public Credentials Credentials => credentials;

    /// <summary>Where it listens now.</summary>
    public IReadOnlyList<PeerAddress> GetAddresses() => addresses();
}
