namespace PeerAgent.Swarm.Http;

/// <summary>A connection was not made, for it would have led into a private network.</summary>
internal sealed class NotPublicException(string host) : IOException($"'{host}' has no public address.");
