namespace PeerAgent.Media.Store;

/// <summary>Where a player is in a stream: what it needs next. It counts for all levels of the component.</summary>
/// <param name="Clip">Name of the clip, as the manifest has it.</param>
/// <param name="Type">Kind of component, for example <c>video</c>.</param>
/// <param name="Index">Number of the chunk that the player needs next.</param>
public readonly record struct PlayPosition(string Clip, string Type, long Index);
