namespace PeerAgent.Media.Streams;

/// <summary>Where the digests of a long level are found (our addition <c>x:HashList</c>).</summary>
/// <param name="Level">The level.</param>
/// <param name="Root">SHA-256 of the list itself.</param>
/// <param name="Name">The chunk-like name under which peers and origin serve the list.</param>
public sealed record HashList(int Level, ReadOnlyMemory<byte> Root, string Name);
