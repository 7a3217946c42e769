using System.Net;

namespace PeerAgent.Swarm.Http;

/// <summary>Makes a connection to an origin.</summary>
/// <param name="place">Host and port.</param>
/// <param name="cancellationToken">Ends the attempt.</param>
internal delegate ValueTask<Stream> OriginDial(DnsEndPoint place, CancellationToken cancellationToken);
