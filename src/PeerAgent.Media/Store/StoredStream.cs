namespace PeerAgent.Media.Store;

/// <summary>What lies in a state folder of one stream.</summary>
/// <param name="SwarmId">The stream's SwarmID, or null when nothing there says it.</param>
/// <param name="Folder">Name of its folder below <c>chunks</c>.</param>
/// <param name="Chunks">Number of chunks.</param>
/// <param name="Bytes">Bytes of all files, chunks and notes.</param>
/// <param name="Pinned">True when the agent that uses the folder, or used it last, keeps the chunks whatever happens (it seeds the stream).</param>
public sealed record StoredStream(string? SwarmId, string Folder, long Chunks, long Bytes, bool Pinned);
