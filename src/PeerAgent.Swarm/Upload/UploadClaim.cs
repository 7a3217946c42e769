namespace PeerAgent.Swarm.Upload;

/// <summary>A request for a chunk that wants its share of what is sent.</summary>
/// <param name="Who">Whose it is.</param>
/// <param name="Due">When the chunk is played, as the peer says; by the clock of the process.</param>
internal readonly record struct UploadClaim(Requester Who, TimeSpan Due);
