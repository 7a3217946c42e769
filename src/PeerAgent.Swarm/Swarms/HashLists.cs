using PeerAgent.Media.Store;
using PeerAgent.Swarm.Fetching;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Swarm.Swarms;

/// <summary>
/// Sees to it that the hash list of a level is known before a chunk of the level is asked for: the list is a chunk itself,
/// so it comes from the store, from peers or from an origin like any other.
/// </summary>
/// <param name="chunks">What is held of the stream.</param>
/// <param name="get">Gets a chunk within a time.</param>
internal sealed class HashLists(StreamChunks chunks, Func<ChunkId, TimeSpan, CancellationToken, ValueTask<ChunkOutcome>> get)
{
    /// <summary>Waits for the list that a chunk needs. Null when there is none to wait for any more, else why the chunk cannot be had.</summary>
    public async ValueTask<ChunkOutcome?> RequireAsync(ChunkId chunk, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var layout = chunks.Layout;
        if (layout.MissingHashListOf(chunk) is not { } list)
        {
            return null;
        }

        var outcome = await get(list, deadline, cancellationToken);
        switch (outcome)
        {
            case ChunkOutcome.Held held:
                using (held.Chunk)
                {
                    var content = await held.Chunk.ReadAllAsync(cancellationToken);
                    return chunks.Learn(list, content) || chunks.Layout.MissingHashListOf(chunk) is null
                        ? null
                        : new ChunkOutcome.TimedOut($"The list of digests '{layout.NameOf(list)}' does not fit the manifest.");
                }

            case ChunkOutcome.NotFound { Reason: var reason }:
                return Missing(layout.NameOf(list), reason);
            case ChunkOutcome.TimedOut { Reason: var reason }:
                return Missing(layout.NameOf(list), reason);
            default:
                return outcome;
        }
    }

    private static ChunkOutcome.TimedOut Missing(string name, string reason) =>
        new($"The list of digests '{name}', without which the chunk cannot be verified, is not here: {reason}");
}
