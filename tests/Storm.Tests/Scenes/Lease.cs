using PeerAgent.Media.Store;
using Ppsp.Protocol.Chunks;
using Storm.Tests.Films;

namespace Storm.Tests.Scenes;

/// <summary>A chunk that was leased from the store and is kept a while: it stays readable whatever happens to the store.</summary>
internal sealed record Lease(Film Film, ChunkId Chunk, StoredChunk Stored);
