using Ppsp.Protocol.Peering;

namespace TestSupport.Peers;

/// <summary>A request that a fake received.</summary>
/// <param name="Message">The message; null at an origin.</param>
/// <param name="Path">Path of the URL.</param>
/// <param name="Headers">The headers.</param>
public sealed record FakeRequest(PeerRequest? Message, string Path, IReadOnlyDictionary<string, string> Headers);
