namespace PeerAgent.Media.Streams;

/// <summary>
/// Where the digests of a long level are found (our addition <c>x:HashList</c>): in a file of 32 bytes a chunk, one SHA-256
/// after the other, which peers and origins serve like a chunk.
/// </summary>
/// <param name="Level">The level.</param>
/// <param name="Root">SHA-256 of the list itself.</param>
/// <param name="Name">The chunk-like name under which peers and origin serve the list.</param>
/// <param name="Init">SHA-256 of the level's initialisation chunk, or null.</param>
public sealed record HashList(int Level, ReadOnlyMemory<byte> Root, string Name, ReadOnlyMemory<byte>? Init = null);
