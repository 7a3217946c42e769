namespace PeerAgent.Media.Store;

/// <summary>Where a player is in a stream.</summary>
/// <param name="Clip">Name of the clip.</param>
/// <param name="Type">Component: <c>video</c>, <c>audio</c> or another word of the manifest.</param>
/// <param name="Index">Number of the chunk that it asked for last.</param>
public readonly record struct PlayPosition(string Clip, string Type, long Index);
