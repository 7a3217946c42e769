using System.Net;

namespace Ppsp.Protocol.Messages;

/// <summary>Where a peer listens (draft-cruz-ppsp-http-tracker-protocol-01, section 4.4).</summary>
/// <param name="Address">IPv4 or IPv6 address, without a scope.</param>
/// <param name="Port">TCP port, 0 to 65535; 0 = no listener.</param>
public readonly record struct PeerAddress(IPAddress Address, int Port)
{
    /// <inheritdoc/>
    public override string ToString() => Address is null ? "" : new IPEndPoint(Address, Port).ToString();
}
